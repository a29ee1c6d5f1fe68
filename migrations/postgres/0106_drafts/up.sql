-- The draft of a reply as it was put into words: each version that was drafted, and each that the office edited and brought back.
-- All versions of one drafting have the id that the letter takes when it is issued.
CREATE TABLE draft_papers (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    seq BIGINT NOT NULL,
    instrument_id TEXT COLLATE "C" NOT NULL,
    version INTEGER NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    remedy TEXT COLLATE "C" NOT NULL,
    template_version INTEGER,
    frozen TEXT COLLATE "C" NOT NULL,
    document_id TEXT COLLATE "C" REFERENCES documents (id),
    faults TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_id, seq)
);

CREATE INDEX draft_papers_instrument_idx ON draft_papers (instrument_id);

-- The edited file that a letter was made of; whether what was issued differs from the draft that was approved.
ALTER TABLE instruments ADD COLUMN edited_document_id TEXT COLLATE "C" REFERENCES documents (id);
ALTER TABLE instruments ADD COLUMN differs_from_draft BOOLEAN NOT NULL DEFAULT FALSE;
