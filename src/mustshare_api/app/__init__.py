"""The composition root: settings become a database, flows and three doors."""
