"""Every kind of page there is, by the struct that reads its content.

A new kind is one line here and a struct with the attributes of `pages.PageContent`: drafts,
publication by two people, corrections, taking down, pictures and history come with it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from mustshare_api.domain.article import ArticleContent
from mustshare_api.domain.campaign import CampaignContent
from mustshare_api.domain.case import CaseContent
from mustshare_api.domain.pages import ARTICLE, CAMPAIGN, CASE

READERS: Final[Mapping[str, "msgspec.json.Decoder[Any]"]] = MappingProxyType(
    {
        CASE: msgspec.json.Decoder(CaseContent, strict=True),
        CAMPAIGN: msgspec.json.Decoder(CampaignContent, strict=True),
        ARTICLE: msgspec.json.Decoder(ArticleContent, strict=True),
    }
)
