-- Up to which day the service has lived. What is erased by the day is erased only where the clock
-- says a day soon after that one: a clock that leaps ahead would have everything erased at once.

CREATE TABLE upkeep (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    last_on date NOT NULL CHECK (last_on < 'infinity')
);
-- A service that is upgraded has lived until its rows were last mixed, which is every night.
INSERT INTO upkeep (last_on) SELECT mixed_on FROM mixing WHERE mixed_on IS NOT NULL;

COMMENT ON TABLE upkeep IS 'The day up to which the service has lived: one row.';
COMMENT ON COLUMN upkeep.only_row IS 'Holds the table to one row. Never false.';
COMMENT ON COLUMN upkeep.last_on IS 'The last Bangkok day on which upkeep ran under a clock that was believed. Never an instant, and never a day of anybody''s.';
