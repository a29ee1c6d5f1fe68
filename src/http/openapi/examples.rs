//! Examples for bodies, composed from the examples of their parts, so that they can never miss a field or show one that
//! is gone. A text that has no example of its own takes it from the glossary by the name of its field.

use serde_json::{Map, Value, json};

/// Deeper than any schema; a schema that contains itself ends here.
const DEPTH: usize = 12;

/// What stands for bodies that are not JSON, by media type.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("text/html", "<!DOCTYPE html>\n<html lang=\"zh-CN\">…</html>\n"),
    ("text/javascript", "\"use strict\";\n…\n"),
    ("text/css", "body { margin: 0; }\n"),
    (
        "text/plain",
        "gongkai_http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1\n",
    ),
];

/// A value for each name of a field whose schema has none.
fn glossary(name: &str) -> Option<Value> {
    const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    Some(match name {
        "access_token" => json!("eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTk5NzAwMCJ9.c2lnbmF0dXJl"),
        "refresh_token" => json!("R1pQc3dqT2N4a1R0b2tlbg"),
        "token_type" => json!("Bearer"),
        "password" | "new_password" => json!("another passphrase"),
        "current_password" => json!("a long passphrase"),
        "username" => json!("chen.mingyuan"),
        "kid" => json!("k20260310"),
        "hash" | "previous_hash" | "data_hash" | "sha256" | "tree_hash" => json!(HASH),
        "next_cursor" => Value::Null,
        "id" => json!("01997000-0000-7000-8000-000000000001"),
        "seq" | "version" => json!(7),
        "current_version" => json!(8),
        "number" | "earlier_number" => json!("CXFB-2026-00012"),
        "intake_number" => json!("CXFB-2026-S00012"),
        "code" => json!("CXFB"),
        "rule_set" => json!("regulation-2019"),
        "name" | "applicant_name" | "contact_name" | "by" | "searched_by" => json!("陈明远"),
        "legal_representative" => json!("李建国"),
        "agency" | "agency_name" | "organ" | "reconsideration_organ" => json!("澄溪县人民政府"),
        "court" => json!("澄溪县人民法院"),
        "document_prefix" => json!("澄政公开"),
        "phone" | "contact" => json!("0799-6210001"),
        "fax" => json!("0799-6210002"),
        "email" => json!("chen.mingyuan@example.cn"),
        "address" => json!("江临市澄溪县城关镇文昌路12号"),
        "office_hours" => json!("工作日 8:30—12:00，14:30—17:30"),
        "internet" => json!("www.chengxi.example.cn"),
        "classification" => json!("机构职能、政策文件、规划计划、财政资金、行政执法"),
        "arrangement" => json!("按主题、体裁和发布机构编排，附索引号"),
        "access" => json!("政府门户网站、政府公报、县档案馆查阅点"),
        "details" => json!("县政务服务中心一楼 3 号窗口"),
        "title" => json!("关于某地块征收补偿方案的信息"),
        "title_en" => json!("Impossible fields"),
        "document_number" => json!("澄政发〔2025〕8号"),
        "features" => json!("2025年批准的某地块土地征收补偿安置方案全文"),
        "description" => json!("补偿安置方案全文"),
        "accessibility_needs" => json!("需要大字版答复"),
        "state_label" => json!("办理中"),
        "outcome_label" | "group_label" => json!("予以公开"),
        "label" => json!("办理中"),
        "label_en" => json!("In progress"),
        "meaning" => json!("请按 errors 中逐项指出的位置改正。"),
        "meaning_en" => json!("Correct each place that errors points to."),
        "step" => json!("received"),
        "note" | "late_entry_reason" => json!("补录纸质台账"),
        "warning" => Value::Null,
        "detail" => json!("春节"),
        "detail_en" => json!("The application must be amended."),
        "reason" | "reasons" | "explanation" => json!("需要查阅的档案数量较大"),
        "ground" => json!("讨论记录"),
        "law" => json!("《中华人民共和国统计法》"),
        "where" => json!("随函附件，共 12 页"),
        "concerning" => json!("方案所附评估报告"),
        "result" => json!("电话已接通，本人确认"),
        "method" => json!("挂号信"),
        "proof" | "reference" => json!("XA12345678944"),
        "volume" => json!("2026-永久-3"),
        "defects" => json!("请写明批准年份"),
        "systems" => json!("电子公文系统"),
        "keywords" => json!("补偿安置方案"),
        "scope" => json!("2024年1月至2026年3月的公文和档案"),
        "field" => json!("received_on"),
        "article" | "articles" | "reply" | "extension" | "delay" => json!("第三十三条"),
        "amendment" => json!("第三十条"),
        "third_party" => json!("第三十二条"),
        "confirmation" => json!("第三十一条"),
        "correction" => json!("第四十一条"),
        "fee_payment" => json!("信息处理费管理办法第六条"),
        "document_kind" => json!("D12"),
        "row" => json!("r03"),
        "columns" | "column" => json!("total"),
        "cells" => json!("r03.total"),
        "allowed_actions" => json!("withdraw"),
        "consultation_id" => json!("consultation-7"),
        "assignment_id" => json!("assignment-5"),
        "remedy_id" => json!("remedy-12"),
        "document_ids" | "into_case_id" | "other_case_id" | "split_into" | "unit_id" | "user_id" => {
            json!("01997000-0000-7000-8000-000000000001")
        }
        "q" => json!("征收补偿"),
        "year" => json!(2026),
        "queue" => json!("due_soon"),
        "state" => json!("in_progress"),
        "on" | "day" => json!("2026-03-10"),
        "due_on" | "act_by" => json!("2026-04-08"),
        _ => return None,
    })
}

/// Makes examples from the schemas of the document.
pub(super) struct Composer<'a> {
    schemas: &'a Value,
    /// Whether fields that may be left out are left out, as whoever asks would.
    required_only: bool,
}

impl<'a> Composer<'a> {
    /// For what people send.
    pub(super) fn questions(schemas: &'a Value) -> Self {
        Self {
            schemas,
            required_only: true,
        }
    }

    /// For what they get.
    pub(super) fn answers(schemas: &'a Value) -> Self {
        Self {
            schemas,
            required_only: false,
        }
    }

    /// An example of a schema that stands under `name`; none when a text in it has none.
    pub(super) fn example(&self, schema: &Value, name: &str) -> Option<Value> {
        self.at(schema, name, DEPTH)
    }

    /// One example for each member of a union that a field tells apart, by the value of that field.
    pub(super) fn variants(&self, schema: &Value) -> Option<Value> {
        let mapping = self.resolved(schema).pointer("/discriminator/mapping")?.as_object()?;
        let mut variants = Map::new();
        for (code, target) in mapping {
            let schema = self.resolved(&json!({"$ref": target})).clone();
            let value = self.example(&schema, code)?;
            let summary = schema.get("description").cloned().unwrap_or_else(|| json!(code));
            variants.insert(code.clone(), json!({"summary": summary, "value": value}));
        }
        Some(Value::Object(variants))
    }

    fn resolved<'b>(&'b self, schema: &'b Value) -> &'b Value {
        let target = schema.get("$ref").and_then(Value::as_str);
        target
            .and_then(|target| self.schemas.get(target.rsplit('/').next()?))
            .unwrap_or(schema)
    }

    fn at(&self, schema: &Value, name: &str, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        let schema = self.resolved(schema);
        let own = schema.get("example").or_else(|| schema.get("examples")?.get(0));
        if let Some(own) = own {
            return Some(own.clone());
        }
        if let Some(codes) = schema.get("enum").and_then(Value::as_array) {
            let usual = glossary(name).filter(|value| codes.contains(value));
            return usual.or_else(|| codes.first().cloned());
        }
        for union in ["oneOf", "anyOf"] {
            if let Some(members) = schema.get(union).and_then(Value::as_array) {
                let real = members.iter().find(|member| member.get("type") != Some(&json!("null")));
                return self.at(real?, name, depth);
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let mut whole = Map::new();
            for part in parts {
                if let Value::Object(fields) = self.at(part, name, depth)? {
                    whole.extend(fields);
                }
            }
            return Some(Value::Object(whole));
        }
        match type_of(schema) {
            "object" => self.object(schema, depth),
            "array" => {
                let item = schema.get("items")?;
                let optional = self.required_only && schema.get("minItems").is_none();
                // A list of references to what is elsewhere is empty for most who ask.
                if optional && name.ends_with("_ids") {
                    return Some(json!([]));
                }
                Some(json!([self.at(item, name, depth)?]))
            }
            "boolean" => Some(schema.get("default").cloned().unwrap_or(json!(false))),
            "integer" | "number" => {
                let least = schema.get("minimum").filter(|least| **least != json!(0)).cloned();
                let usual = glossary(name).filter(Value::is_number);
                schema.get("default").cloned().or(usual).or(least).or(Some(json!(1)))
            }
            "string" => match schema.get("format").and_then(Value::as_str) {
                Some("date") => Some(glossary(name).unwrap_or_else(|| json!("2026-03-10"))),
                Some("date-time") => Some(json!("2026-03-10T01:00:00Z")),
                Some("uuid") => glossary("id"),
                _ => glossary(name),
            },
            "null" => Some(Value::Null),
            _ => None,
        }
    }

    fn object(&self, schema: &Value, depth: usize) -> Option<Value> {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|known| known == name));
        let mut whole = Map::new();
        for (name, property) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if self.required_only && !is_required(name) {
                continue;
            }
            whole.insert(name.clone(), self.at(property, name, depth)?);
        }
        if let Some(more) = schema.get("additionalProperties").filter(|more| more.is_object()) {
            whole.insert("r03".to_owned(), self.at(more, "", depth)?);
        }
        Some(Value::Object(whole))
    }
}

/// The type of a schema, `null` aside.
fn type_of(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(only)) => only,
        Some(Value::Array(types)) => types
            .iter()
            .filter_map(Value::as_str)
            .find(|one| *one != "null")
            .unwrap_or_default(),
        _ => "",
    }
}
