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
