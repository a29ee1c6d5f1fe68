//! What the derives leave out of the document, added once for every operation: words and examples for the parameters
//! that are the same everywhere, an example for every body, Chinese names for the codes of every enum, and one schema
//! for each item of a list instead of copies.

use serde_json::{Map, Value, json};

use super::examples::{Composer, TEXTS};
use super::labels;
use crate::domain::document::NAMED_MAX;

/// Header and query parameters that mean the same wherever they stand: name, description, schema, example.
fn common(name: &str) -> Option<(&'static str, Option<Value>, Value)> {
    Some(match name {
        "If-Match" => (
            "读到的 ETag，例如 \"7\"；版本已变则 412，未带则 428 · the ETag that was read",
            Some(json!({"type": "string", "pattern": "^\"[0-9]{1,18}\"$"})),
            json!("\"7\""),
        ),
        "Idempotency-Key" => (
            "同一键与同一请求体重发，得到同一答复 · the same request sent again gets the same answer",
            Some(json!({"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]{1,200}$"})),
            json!("5f0c1b0e-6c3f-4d53-9a57-3f7f2a0f7c11"),
        ),
        "cursor" => (
            "上一页的 next_cursor，不填为第一页 · next_cursor of the page before, the first page when left out",
            None,
            json!("WyIyMDI2LTAzLTEwIiwiMDE5OTcwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxIl0"),
        ),
        "Range" => (
            "只要其中一段字节 · one range of bytes; several are answered with the whole",
            None,
            json!("bytes=0-1023"),
        ),
        "If-Range" => (
            "内容仍为此 ETag 时才按 Range 返回 · the range only while the content is this one",
            None,
            json!("\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""),
        ),
        "If-None-Match" => (
            "已有此 ETag 的内容则 304 · 304 when the client already has this content",
            None,
            json!("\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\""),
        ),
        "limit" => ("每页条数 · items a page", None, json!(50)),
        _ => return None,
    })
}

/// Adds everything to the document as generated.
pub(super) fn complete(json: &mut Value) {
    name_list_items(json);
    limit_documents(json);
    open_flattened(json);
    if let Some(components) = json.get_mut("components") {
        open_free_objects(components);
    }
    labels::add(json);
    let schemas = json.pointer("/components/schemas").cloned().unwrap_or_default();
    for operation in operations(json) {
        for parameter in array(operation, "parameters") {
            complete_parameter(parameter, &Composer::answers(&schemas));
            keep_out_of_forms(parameter);
        }
        if let Some(content) = operation.pointer_mut("/requestBody/content") {
            complete_content(content, &Composer::questions(&schemas));
        }
        for response in values(operation.get_mut("responses")) {
            if let Some(content) = response.get_mut("content") {
                complete_content(content, &Composer::answers(&schemas));
            }
            // A generated description is empty.
            if response
                .get("description")
                .and_then(Value::as_str)
                .is_none_or(str::is_empty)
            {
                insert(response, "description", json!("成功 · success"));
            }
        }
    }
}

fn complete_parameter(parameter: &mut Value, composer: &Composer<'_>) {
    let name = parameter
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if parameter.get("in") == Some(&json!("query")) && parameter.get("required") != Some(&json!(true)) {
        // `?due_before=` means the same as leaving it out, as a form sends it.
        insert(parameter, "allowEmptyValue", json!(true));
    }
    if let Some((description, schema, example)) = common(&name) {
        insert(parameter, "description", json!(description));
        insert(parameter, "example", example);
        if let Some(schema) = schema {
            insert(parameter, "schema", schema);
        }
        return;
    }
    if parameter.get("example").is_none()
        && let Some(example) = parameter
            .get("schema")
            .and_then(|schema| composer.example(schema, &name))
    {
        insert(parameter, "example", example);
    }
    if parameter.get("description").is_none()
        && let Some(description) = labels::parameter(&name)
    {
        insert(parameter, "description", json!(description));
    }
}

/// The API page fills the example of a parameter into its form: a download would be asked for its first kilobyte, a list
/// for the cases of an agency that is not there. What may be left out has its example with the schema, where it is only
/// shown.
fn keep_out_of_forms(parameter: &mut Value) {
    if parameter.get("required") == Some(&json!(true)) {
        return;
    }
    let example = parameter
        .as_object_mut()
        .and_then(|parameter| parameter.remove("example"));
    if let (Some(example), Some(schema)) = (example, parameter.get_mut("schema")) {
        insert(schema, "examples", json!([example]));
    }
}

fn complete_content(content: &mut Value, composer: &Composer<'_>) {
    for (media_type, body) in content.as_object_mut().into_iter().flatten() {
        if body.get("example").is_some() || body.get("examples").is_some() {
            continue;
        }
        if let Some((_, text)) = TEXTS.iter().find(|(known, _)| known == media_type) {
            insert(body, "example", json!(text));
            continue;
        }
        let Some(schema) = body.get("schema").cloned() else {
            continue;
        };
        if let Some(variants) = composer.variants(&schema) {
            insert(body, "examples", variants);
        } else if let Some(example) = composer.example(&schema, "") {
            insert(body, "example", example);
        }
    }
}

/// Generics are written out in full by the derive; the item has a schema of its own.
fn name_list_items(json: &mut Value) {
    let Some(schemas) = json.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return;
    };
    let known: Vec<String> = schemas.keys().cloned().collect();
    for (name, schema) in schemas {
        let Some(item) = name
            .strip_prefix("List_")
            .filter(|item| known.iter().any(|name| name == item))
        else {
            continue;
        };
        if let Some(items) = schema.pointer_mut("/properties/items/items") {
            *items = json!({"$ref": format!("#/components/schemas/{item}")});
        }
    }
}

/// A body names so many documents in all; where a list of them says less, that stands.
fn limit_documents(json: &mut Value) {
    for schema in values(json.pointer_mut("/components/schemas")) {
        if let Some(documents) = schema.pointer_mut("/properties/document_ids")
            && documents.get("maxItems").is_none()
        {
            insert(documents, "maxItems", json!(NAMED_MAX));
        }
    }
}

/// A schema that admits no other fields cannot be a part of a larger one; what is flattened is written out without that.
fn open_flattened(json: &mut Value) {
    let schemas = json.pointer("/components/schemas").cloned().unwrap_or_default();
    for schema in values(json.pointer_mut("/components/schemas")) {
        for part in array(schema, "allOf") {
            let target = part.get("$ref").and_then(Value::as_str);
            let target = target.and_then(|target| schemas.get(target.rsplit('/').next()?));
            if let Some(Value::Object(closed)) = target
                && closed.get("additionalProperties") == Some(&json!(false))
            {
                let mut open = closed.clone();
                open.remove("additionalProperties");
                *part = Value::Object(open);
            }
        }
    }
}

/// An object without named fields holds any: generated clients would otherwise take it for one that holds none.
fn open_free_objects(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let is_object = match fields.get("type") {
                Some(Value::String(one)) => one == "object",
                Some(Value::Array(types)) => types.contains(&json!("object")),
                _ => false,
            };
            if is_object && !fields.contains_key("properties") && !fields.contains_key("additionalProperties") {
                fields.insert("additionalProperties".to_owned(), json!(true));
            }
            fields.values_mut().for_each(open_free_objects);
        }
        Value::Array(items) => items.iter_mut().for_each(open_free_objects),
        _ => {}
    }
}

fn operations(json: &mut Value) -> impl Iterator<Item = &mut Value> {
    values(json.get_mut("paths")).flat_map(|item| values(Some(item)))
}

fn values(object: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    object
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
}

fn array<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

fn insert(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}
