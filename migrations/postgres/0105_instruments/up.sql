-- Instruments: what each step left, with its number, the facts and the text that were frozen at issue, and its files.

ALTER TABLE case_events ADD COLUMN instruments TEXT COLLATE "C";

CREATE TABLE instruments (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    seq BIGINT NOT NULL,
    place INTEGER NOT NULL,
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (id),
    code TEXT COLLATE "C" NOT NULL,
    addressee_kind TEXT COLLATE "C" NOT NULL,
    addressee TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C",
    series TEXT COLLATE "C",
    year INTEGER,
    ordinal BIGINT,
    out_of_order BOOLEAN NOT NULL,
    issued_on DATE NOT NULL,
    remedy TEXT COLLATE "C" NOT NULL,
    template_version INTEGER,
    frozen TEXT COLLATE "C",
    on_paper BOOLEAN NOT NULL,
    same_as TEXT COLLATE "C" REFERENCES instruments (id),
    cancelled_on DATE,
    cancelled_because TEXT COLLATE "C",
    due BOOLEAN NOT NULL,
    issued_by TEXT COLLATE "C" REFERENCES users (id),
    created_at TIMESTAMP NOT NULL
);

CREATE UNIQUE INDEX instruments_number_key ON instruments (agency_id, series, year, ordinal);
CREATE INDEX instruments_case_idx ON instruments (case_id, seq, place);
-- Whose files are still to be made: empty but for the moment after an issue.
CREATE INDEX instruments_due_idx ON instruments (id) WHERE due;

CREATE TABLE instrument_files (
    instrument_id TEXT COLLATE "C" NOT NULL REFERENCES instruments (id),
    document_id TEXT COLLATE "C" NOT NULL REFERENCES documents (id),
    format TEXT COLLATE "C" NOT NULL,
    pages INTEGER,
    PRIMARY KEY (instrument_id, document_id)
);

CREATE INDEX instrument_files_document_idx ON instrument_files (document_id);

-- What legal advisers make of the texts that come with the program: each version stays, one is in force.
CREATE TABLE templates (
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (id),
    code TEXT COLLATE "C" NOT NULL,
    version INTEGER NOT NULL,
    text TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    in_force BOOLEAN NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    created_at TIMESTAMP NOT NULL,
    published_by TEXT COLLATE "C" REFERENCES users (id),
    published_at TIMESTAMP,
    PRIMARY KEY (agency_id, code, version)
);

CREATE UNIQUE INDEX templates_in_force_key ON templates (agency_id, code) WHERE in_force;

-- Numbers that are passed over, as after a restoration: nobody knows which of them were given meanwhile.
CREATE TABLE instrument_gaps (
    agency_id TEXT COLLATE "C" NOT NULL REFERENCES agencies (id),
    series TEXT COLLATE "C" NOT NULL,
    year INTEGER NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    made_at TIMESTAMP NOT NULL,
    PRIMARY KEY (agency_id, series, year, first)
);
