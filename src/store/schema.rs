//! The tables as diesel sees them; the same on both databases. The truth is in `migrations/`.

diesel::table! {
    installation (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    counters (scope) {
        scope -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (actor, key) {
        actor -> Text,
        key -> Text,
        target -> Text,
        body_sha256 -> Text,
        status -> Nullable<Integer>,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        body -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    agencies (id) {
        id -> Text,
        parent_id -> Nullable<Text>,
        path -> Text,
        code -> Text,
        name -> Text,
        level -> Text,
        guide -> Text,
        document_prefix -> Text,
        reconsideration_organ -> Text,
        court -> Text,
        settings -> Text,
        search -> Text,
        active -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    units (id) {
        id -> Text,
        agency_id -> Text,
        name -> Text,
        active -> Bool,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        username -> Text,
        name -> Text,
        password_hash -> Text,
        agency_id -> Nullable<Text>,
        unit_id -> Nullable<Text>,
        applicant -> Nullable<Text>,
        administrator -> Bool,
        demo -> Bool,
        active -> Bool,
        credential_version -> BigInt,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    role_grants (user_id, agency_id, role) {
        user_id -> Text,
        agency_id -> Text,
        role -> Text,
        granted_at -> Timestamp,
    }
}

diesel::joinable!(role_grants -> agencies (agency_id));
diesel::allow_tables_to_appear_in_same_query!(role_grants, agencies);

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        secret -> Text,
        created_at -> Timestamp,
        verify_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Text,
        family_id -> Text,
        user_id -> Text,
        issued_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    login_failures (id) {
        id -> Text,
        subject -> Text,
        failed_at -> Timestamp,
    }
}

diesel::table! {
    admin_log (id) {
        id -> Text,
        at -> Timestamp,
        actor_id -> Nullable<Text>,
        action -> Text,
        target -> Text,
        data -> Text,
    }
}

diesel::table! {
    cases (id) {
        id -> Text,
        version -> BigInt,
        kind -> Text,
        state -> Text,
        agency_id -> Text,
        intake_number -> Text,
        number -> Nullable<Text>,
        channel -> Text,
        arrived_on -> Date,
        applicant_user_id -> Nullable<Text>,
        applicant_kind -> Text,
        applicant_name -> Text,
        title -> Text,
        received_on -> Nullable<Date>,
        owner_id -> Nullable<Text>,
        due_on -> Nullable<Date>,
        suspended_until -> Nullable<Date>,
        awaiting -> Nullable<Text>,
        missed_on -> Nullable<Date>,
        stopped_on -> Nullable<Date>,
        act_by -> Date,
        awaits_secrecy -> Bool,
        awaits_legal -> Bool,
        awaits_approval -> Bool,
        served -> Bool,
        reached -> Text,
        late_entries -> Integer,
        outcome -> Nullable<Text>,
        ended_on -> Nullable<Date>,
        reopened_on -> Nullable<Date>,
        head_hash -> Text,
        query_code -> Text,
    }
}

diesel::table! {
    case_events (case_id, seq) {
        case_id -> Text,
        seq -> BigInt,
        event -> Text,
        occurred_on -> Date,
        recorded_at -> Timestamp,
        actor_id -> Nullable<Text>,
        actor_role -> Nullable<Text>,
        late_entry_reason -> Nullable<Text>,
        data -> Text,
        text_hash -> Nullable<Text>,
        previous_hash -> Text,
        hash -> Text,
        late_entry -> Nullable<Text>,
        instruments -> Nullable<Text>,
    }
}

diesel::table! {
    instruments (id) {
        id -> Text,
        case_id -> Text,
        seq -> BigInt,
        place -> Integer,
        agency_id -> Text,
        code -> Text,
        addressee_kind -> Text,
        addressee -> Text,
        number -> Nullable<Text>,
        series -> Nullable<Text>,
        year -> Nullable<Integer>,
        ordinal -> Nullable<BigInt>,
        out_of_order -> Bool,
        issued_on -> Date,
        remedy -> Text,
        template_version -> Nullable<Integer>,
        frozen -> Nullable<Text>,
        on_paper -> Bool,
        same_as -> Nullable<Text>,
        cancelled_on -> Nullable<Date>,
        cancelled_because -> Nullable<Text>,
        due -> Bool,
        issued_by -> Nullable<Text>,
        created_at -> Timestamp,
        edited_document_id -> Nullable<Text>,
        differs_from_draft -> Bool,
        worded -> Nullable<Text>,
    }
}

diesel::table! {
    draft_papers (case_id, seq) {
        case_id -> Text,
        seq -> BigInt,
        instrument_id -> Text,
        version -> Integer,
        code -> Text,
        remedy -> Text,
        template_version -> Nullable<Integer>,
        frozen -> Text,
        document_id -> Nullable<Text>,
        faults -> Text,
    }
}

diesel::table! {
    instrument_files (instrument_id, document_id) {
        instrument_id -> Text,
        document_id -> Text,
        format -> Text,
        pages -> Nullable<Integer>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(documents, instrument_files, instruments);

diesel::table! {
    instrument_gaps (agency_id, series, year, first) {
        agency_id -> Text,
        series -> Text,
        year -> Integer,
        first -> BigInt,
        last -> BigInt,
        reason -> Text,
        made_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(instruments, cases);
diesel::allow_tables_to_appear_in_same_query!(templates, agencies);

diesel::table! {
    templates (agency_id, code, version) {
        agency_id -> Text,
        code -> Text,
        version -> Integer,
        text -> Text,
        note -> Text,
        in_force -> Bool,
        created_by -> Text,
        created_at -> Timestamp,
        published_by -> Nullable<Text>,
        published_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    case_text (case_id, seq) {
        case_id -> Text,
        seq -> BigInt,
        salt -> Text,
        body -> Text,
    }
}

diesel::table! {
    case_assignments (case_id, assignment_id) {
        case_id -> Text,
        assignment_id -> Text,
        unit_id -> Text,
        is_open -> Bool,
        act_by -> Date,
    }
}

diesel::table! {
    case_people (case_id, slot, person_id) {
        case_id -> Text,
        slot -> Integer,
        person_id -> Text,
        agency_id -> Text,
        shown -> Bool,
        known -> Bool,
        verified -> Bool,
        name_key -> Text,
        document_digest -> Text,
        born_on -> Nullable<Date>,
    }
}

diesel::table! {
    case_remedies (case_id, remedy_id) {
        case_id -> Text,
        remedy_id -> Text,
        agency_id -> Text,
        kind -> Text,
        filed_on -> Date,
        decided_on -> Nullable<Date>,
        result -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(cases, agencies, users);

diesel::table! {
    blobs (sha256) {
        sha256 -> Text,
        bytes -> BigInt,
        stored_at -> Timestamp,
    }
}

diesel::table! {
    documents (id) {
        id -> Text,
        sha256 -> Text,
        purpose -> Text,
        name -> Text,
        media_type -> Text,
        bytes -> BigInt,
        uploaded_by -> Text,
        uploaded_at -> Timestamp,
        case_id -> Nullable<Text>,
    }
}

diesel::table! {
    case_documents (case_id, document_id) {
        case_id -> Text,
        document_id -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(blobs, documents);

// Of what is searched, the words themselves are kept differently by the two databases: see `store::cases::search`.
diesel::table! {
    case_search (entry) {
        entry -> BigInt,
        case_id -> Text,
        agency_id -> Text,
        digest -> Text,
        features -> Text,
        band_1 -> Nullable<BigInt>,
        band_2 -> Nullable<BigInt>,
        band_3 -> Nullable<BigInt>,
        band_4 -> Nullable<BigInt>,
        band_5 -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    cases,
    case_assignments,
    case_people,
    case_events,
    case_text,
    case_remedies,
    case_search
);
