//! Rules of our own for the contract: whatever a reader or a generated client relies on is there for every operation.

use std::collections::BTreeSet;

use gongkai::http::openapi::committed;
use serde_json::{Map, Value};

/// Answers a status with a body of its own kind, because those who ask are programs that watch it.
const OWN_FAILURE: [(&str, &str); 1] = [("ready", "503")];

struct Contract {
    whole: Value,
    wrong: Vec<String>,
}

struct Operation<'a> {
    id: &'a str,
    method: &'a str,
    path: &'a str,
    value: &'a Value,
}

impl Operation<'_> {
    fn parameters(&self) -> &[Value] {
        self.value["parameters"].as_array().map_or(&[], Vec::as_slice)
    }

    fn has_parameter(&self, name: &str) -> bool {
        self.parameters().iter().any(|parameter| parameter["name"] == name)
    }

    fn has_parameter_in(&self, place: &str) -> bool {
        self.parameters().iter().any(|parameter| parameter["in"] == place)
    }

    fn responses(&self) -> &Map<String, Value> {
        self.value["responses"].as_object().unwrap()
    }

    fn is_public(&self) -> bool {
        self.value["security"]
            .as_array()
            .is_some_and(|needs| needs.iter().any(|need| need == &serde_json::json!({})))
    }
}

impl Contract {
    fn read() -> Self {
        Self {
            whole: serde_json::from_str(&committed().unwrap()).unwrap(),
            wrong: Vec::new(),
        }
    }

    /// Checks every operation with a rule that returns what is wrong.
    fn each(mut self, rule: impl Fn(&Self, &Operation<'_>) -> Vec<String>) -> Self {
        let mut found = Vec::new();
        for (path, item) in self.whole["paths"].as_object().unwrap() {
            for (method, value) in item.as_object().unwrap() {
                let id = value["operationId"].as_str().unwrap_or_default();
                let operation = Operation {
                    id,
                    method,
                    path,
                    value,
                };
                found.extend(rule(&self, &operation).into_iter().map(|what| format!("{id}: {what}")));
            }
        }
        self.wrong.extend(found);
        self
    }

    #[track_caller]
    fn holds(self) {
        assert!(self.wrong.is_empty(), "{:#?}", self.wrong);
    }

    fn schemas(&self) -> &Map<String, Value> {
        self.whole["components"]["schemas"].as_object().unwrap()
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(target) => self.resolved(&self.schemas()[target.rsplit('/').next().unwrap()]),
            None => schema,
        }
    }

    /// What about the value does not fit the schema.
    fn misfit(&self, schema: &Value, value: &Value, at: &str) -> Option<String> {
        let schema = self.resolved(schema);
        let fits = |one: &&Value| self.misfit(one, value, at).is_none();
        for union in ["oneOf", "anyOf"] {
            if let Some(members) = schema[union].as_array() {
                let fitting = members.iter().filter(fits).count();
                return (fitting == 0).then(|| format!("{at}: {value} fits no member of the union"));
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return parts.iter().find_map(|part| self.misfit(part, value, at));
        }
        if let Some(codes) = schema["enum"].as_array() {
            return (!codes.contains(value)).then(|| format!("{at}: {value} is none of the codes"));
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
            _ => return None,
        };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !(types.contains(&kind) || kind == "integer" && types.contains(&"number")) {
            return Some(format!("{at}: {value} is not {types:?}"));
        }
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .find_map(|(index, item)| self.misfit(&schema["items"], item, &format!("{at}/{index}"))),
            Value::Object(fields) => self.object_misfit(schema, fields, at),
            Value::String(text) => {
                let (least, most) = (&schema["minLength"], &schema["maxLength"]);
                let length = text.chars().count() as u64;
                let wrong = least.as_u64().is_some_and(|least| length < least)
                    || most.as_u64().is_some_and(|most| length > most);
                let date = schema["format"] == "date" && text.parse::<chrono::NaiveDate>().is_err();
                (wrong || date).then(|| format!("{at}: {text} has the wrong form"))
            }
            _ => None,
        }
    }

    fn object_misfit(&self, schema: &Value, fields: &Map<String, Value>, at: &str) -> Option<String> {
        let missing = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|name| !fields.contains_key(name.as_str().unwrap()));
        if let Some(missing) = missing {
            return Some(format!("{at}: {missing} is missing"));
        }
        fields.iter().find_map(|(name, value)| {
            let at = format!("{at}/{name}");
            match schema["properties"].get(name) {
                Some(property) => self.misfit(property, value, &at),
                None if schema["additionalProperties"] == false => Some(format!("{at}: there is no such field")),
                None if schema["additionalProperties"].is_object() => {
                    self.misfit(&schema["additionalProperties"], value, &at)
                }
                None => None,
            }
        })
    }
}

fn is_snake(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Every value in a document that is an object, with the key it stands under.
fn objects<'a>(value: &'a Value, key: &'a str, visit: &mut impl FnMut(&'a str, &'a Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            visit(key, fields);
            for (name, inner) in fields {
                objects(inner, name, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| objects(item, key, visit)),
        _ => {}
    }
}

#[test]
fn every_operation_says_what_it_is_in_one_line() {
    Contract::read()
        .each(|_, operation| {
            let mut wrong = Vec::new();
            let summary = operation.value["summary"].as_str().unwrap_or_default();
            if !is_snake(operation.id) {
                wrong.push("the operationId is not the name of a handler".to_owned());
            }
            if summary.is_empty() || summary.contains('\n') || summary.len() > 120 {
                wrong.push(format!(
                    "the summary is not one line of at most 120 characters: {summary:?}"
                ));
            }
            if operation.value["tags"].as_array().is_none_or(|tags| tags.len() != 1) {
                wrong.push("not one tag".to_owned());
            }
            for part in operation.path.split('/').filter(|part| part.starts_with('{')) {
                if !is_snake(part.trim_matches(['{', '}'])) {
                    wrong.push(format!("{part} is not snake_case"));
                }
            }
            if operation.is_public() == operation.responses().contains_key("401") && !operation.path.contains("/auth/")
            {
                wrong.push("public and answering 401, or signed in and not".to_owned());
            }
            wrong
        })
        .holds();
}

#[test]
fn every_tag_is_described_and_used() {
    let contract = Contract::read();
    let named = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let described: BTreeSet<String> = contract.whole["tags"].as_array().unwrap().iter().map(named).collect();
    let mut used = BTreeSet::new();
    for item in contract.whole["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            used.insert(operation["tags"][0].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(described, used);
}

#[test]
fn every_parameter_is_described_with_an_example_that_fits() {
    Contract::read()
        .each(|contract, operation| {
            let mut wrong = Vec::new();
            for parameter in operation.parameters() {
                let name = parameter["name"].as_str().unwrap();
                if parameter["in"] != "header" && !is_snake(name) {
                    wrong.push(format!("{name} is not snake_case"));
                }
                if parameter["description"].as_str().is_none_or(str::is_empty) {
                    wrong.push(format!("{name} has no description"));
                }
                // The API page fills in what stands beside the schema: that is for what must be given.
                let required = parameter["required"] == true;
                let example = if required {
                    &parameter["example"]
                } else {
                    &parameter["schema"]["examples"][0]
                };
                if !required && parameter.get("example").is_some() {
                    wrong.push(format!("{name} would be filled in"));
                }
                match Some(example).filter(|example| !example.is_null()) {
                    Some(example) => wrong.extend(contract.misfit(&parameter["schema"], example, name)),
                    None => wrong.push(format!("{name} has no example")),
                }
            }
            wrong
        })
        .holds();
}

#[test]
fn every_body_has_an_example_that_fits() {
    Contract::read()
        .each(|contract, operation| {
            let mut wrong = Vec::new();
            let answers = operation
                .responses()
                .iter()
                .map(|(status, answer)| (status.as_str(), &answer["content"]));
            let bodies = answers.chain([("request", &operation.value["requestBody"]["content"])]);
            for (which, content) in bodies {
                for (media_type, body) in content.as_object().into_iter().flatten() {
                    if !media_type.contains("json") && !media_type.starts_with("text/") {
                        continue;
                    }
                    let one = body.get("example").map(|example| vec![example]);
                    let several = || {
                        body["examples"]
                            .as_object()
                            .map(|all| all.values().map(|one| &one["value"]).collect())
                    };
                    match one.or_else(several) {
                        None => wrong.push(format!("{which} {media_type} has no example")),
                        Some(examples) => {
                            for example in examples {
                                wrong.extend(contract.misfit(&body["schema"], example, which));
                            }
                        }
                    }
                }
            }
            wrong
        })
        .holds();
}

#[test]
fn every_failure_is_documented_as_a_problem() {
    Contract::read()
        .each(|_, operation| {
            let mut wrong = Vec::new();
            let mut expected = BTreeSet::new();
            if !operation.is_public() {
                expected.extend(["401", "503"]);
            }
            if operation.has_parameter_in("path") {
                expected.insert("404");
            }
            if operation.has_parameter_in("query") || operation.has_parameter("Idempotency-Key") {
                expected.insert("422");
            }
            if operation.value.get("requestBody").is_some() {
                expected.extend(["400", "413", "415", "422", "503"]);
            }
            if operation.has_parameter("If-Match") {
                expected.extend(["403", "409", "412", "428"]);
            }
            if operation.has_parameter("Idempotency-Key") {
                expected.insert("409");
            }
            if operation.id == "login" {
                expected.extend(["401", "429"]);
            }
            for status in expected {
                if !operation.responses().contains_key(status) {
                    wrong.push(format!("{status} is not documented"));
                }
            }
            for (status, answer) in operation.responses() {
                if operation.method == "get" && ["400", "413", "415"].contains(&status.as_str()) {
                    wrong.push(format!("{status} cannot happen without a body"));
                }
                let failed = status.starts_with('4') || status.starts_with('5');
                let problem = &answer["content"]["application/problem+json"]["schema"]["$ref"];
                let own = OWN_FAILURE.contains(&(operation.id, status.as_str()));
                if failed && (problem == "#/components/schemas/Problem") == own {
                    wrong.push(format!("{status} is not a problem document, or an exception no more"));
                }
            }
            wrong
        })
        .holds();
}

#[test]
fn every_list_has_pages_and_says_where_the_next_begins() {
    Contract::read()
        .each(|contract, operation| {
            let schema =
                &operation.responses().get("200").unwrap_or(&Value::Null)["content"]["application/json"]["schema"];
            let name = schema["$ref"]
                .as_str()
                .unwrap_or_default()
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            let pages = operation.has_parameter("cursor") && operation.has_parameter("limit");
            let is_list = name.starts_with("List_");
            let mut wrong = Vec::new();
            if pages != is_list {
                wrong.push(format!(
                    "{name} is a list without pages, or has pages without being one"
                ));
            }
            if is_list {
                let properties = &contract.schemas()[&name]["properties"];
                if !properties["next_cursor"].is_object() || !properties["items"]["items"]["$ref"].is_string() {
                    wrong.push(format!("{name} is not {{items, next_cursor}} over a schema of its own"));
                }
            }
            wrong
        })
        .holds();
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let contract = Contract::read();
    let mut named = BTreeSet::new();
    objects(&contract.whole, "", &mut |_, fields| {
        named.extend(
            fields
                .get("$ref")
                .and_then(Value::as_str)
                .map(|target| target.rsplit('/').next().unwrap()),
        );
    });
    let there: BTreeSet<&str> = contract.schemas().keys().map(String::as_str).collect();
    let missing: Vec<_> = named.difference(&there).collect();
    let unused: Vec<_> = there.difference(&named).collect();
    assert!(
        missing.is_empty() && unused.is_empty(),
        "missing {missing:?}, unused {unused:?}"
    );
}

#[test]
fn fields_and_codes_are_written_alike_and_codes_are_explained_in_chinese() {
    let contract = Contract::read();
    let mut wrong = Vec::new();
    for (name, schema) in contract.schemas() {
        objects(schema, "", &mut |key, fields| {
            if key == "properties" {
                wrong.extend(
                    fields
                        .keys()
                        .filter(|field| !is_snake(field))
                        .map(|field| format!("{name}.{field}")),
                );
            }
        });
        let codes: Vec<&str> = schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let description = schema["description"].as_str().unwrap_or_default();
        // A single code is the tag of its schema.
        for code in codes.iter().filter(|_| codes.len() > 1) {
            let explained = description.lines().any(|line| {
                line.strip_prefix(&format!("- `{code}` "))
                    .is_some_and(|label| !label.is_ascii())
            });
            if !explained {
                wrong.push(format!("{name}: {code} has no Chinese name"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
