//! The body of an action in the contract: one discriminated union on `action`, one schema per action, made from the
//! fields that the domain reads, so that a generated client has one type per action.

use std::borrow::Cow;

use chrono::NaiveDate;
use utoipa::openapi::schema::{Discriminator, KnownFormat, ObjectBuilder, OneOfBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::case::Action;
use crate::domain::case::dispatch::example;
use crate::domain::case::dispatch::{field_schemas, has_own_date, referenced_schemas};

/// An action with its fields; `action` tells which ones.
#[derive(Debug)]
pub struct ActionBody;

/// The name of an action's schema: `ConfirmReceiptAction`.
fn schema_name(action: Action) -> String {
    let mut name = String::new();
    for word in action.code().split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters);
    }
    name + "Action"
}

impl PartialSchema for ActionBody {
    fn schema() -> RefOr<Schema> {
        let actions: Vec<Action> = field_schemas().into_iter().map(|(action, _)| action).collect();
        let mapping = actions
            .iter()
            .map(|action| (action.code(), format!("#/components/schemas/{}", schema_name(*action))));
        let mut union = OneOfBuilder::new()
            .description(Some("动作及其字段 · an action with its fields"))
            .discriminator(Some(Discriminator::with_mapping("action", mapping)));
        for action in &actions {
            union = union.item(Ref::from_schema_name(schema_name(*action)));
        }
        RefOr::T(Schema::OneOf(union.build()))
    }
}

impl ToSchema for ActionBody {
    fn name() -> Cow<'static, str> {
        "ActionBody".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.extend(referenced_schemas());
        for (action, fields) in field_schemas() {
            if let RefOr::T(Schema::Object(object)) = fields {
                schemas.push((
                    schema_name(action),
                    RefOr::T(Schema::Object(with_common(action, object))),
                ));
            }
        }
    }
}

/// The fields of an action with those that every action has.
fn with_common(action: Action, mut object: utoipa::openapi::schema::Object) -> utoipa::openapi::schema::Object {
    let code = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some([action.code()]))
        .build();
    let date = |description| {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .description(Some(description))
            .build()
    };
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(500))
        .description(Some(
            "补录原因：本机关办理的事项登记迟于本机关规定的日数（缺省 3 个工作日）时必填；外来事实不用填 · required for the agency's own step entered more than the agency's days later (3 working days by default), never for facts from outside",
        ))
        .build();
    object
        .properties
        .insert("action".to_owned(), RefOr::T(Schema::Object(code)));
    if !has_own_date(action) {
        let day = date("事项日期，默认今天 · date of legal effect, today when left out");
        object
            .properties
            .insert("occurred_on".to_owned(), RefOr::T(Schema::Object(day)));
    }
    object
        .properties
        .insert("late_entry_reason".to_owned(), RefOr::T(Schema::Object(text)));
    object.required.insert(0, "action".to_owned());
    object.description = Some(format!("{} · {}", action.label(), action.label_en()));
    object.examples = vec![example(
        action,
        NaiveDate::from_ymd_opt(2026, 3, 10).unwrap_or_default(),
    )];
    object
}
