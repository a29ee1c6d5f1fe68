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

/// A text for each name of a field whose schema has none.
const GLOSSARY: &[(&[&str], &str)] = &[
    (
        &["access_token"],
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTk5NzAwMCJ9.c2lnbmF0dXJl",
    ),
    (&["refresh_token"], "R1pQc3dqT2N4a1R0b2tlbg"),
    (&["token_type"], "Bearer"),
    (&["password", "new_password"], "another passphrase"),
    (&["current_password"], "a long passphrase"),
    (&["username"], "chen.mingyuan"),
    (&["kid"], "k20260310"),
    (
        &["hash", "previous_hash", "data_hash", "sha256", "tree_hash"],
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    (&["id"], "01997000-0000-7000-8000-000000000001"),
    (&["number", "earlier_number"], "CXFB-2026-00012"),
    (&["intake_number"], "CXFB-2026-S00012"),
    (&["code"], "CXFB"),
    (&["rule_set"], "regulation-2019"),
    (
        &["name", "applicant_name", "contact_name", "by", "searched_by"],
        "陈明远",
    ),
    (&["legal_representative"], "李建国"),
    (
        &["agency", "agency_name", "organ", "reconsideration_organ"],
        "澄溪县人民政府",
    ),
    (&["court"], "澄溪县人民法院"),
    (&["document_prefix"], "澄政公开"),
    (&["phone", "contact"], "0799-6210001"),
    (&["fax"], "0799-6210002"),
    (&["email"], "chen.mingyuan@example.cn"),
    (&["address"], "江临市澄溪县城关镇文昌路12号"),
    (&["office_hours"], "工作日 8:30—12:00，14:30—17:30"),
    (&["internet"], "www.chengxi.example.cn"),
    (&["classification"], "机构职能、政策文件、规划计划、财政资金、行政执法"),
    (&["arrangement"], "按主题、体裁和发布机构编排，附索引号"),
    (&["access"], "政府门户网站、政府公报、县档案馆查阅点"),
    (&["details"], "县政务服务中心一楼 3 号窗口"),
    (&["title"], "关于某地块征收补偿方案的信息"),
    (&["title_en"], "Impossible fields"),
    (&["document_number"], "澄政发〔2025〕8号"),
    (&["features"], "2025年批准的某地块土地征收补偿安置方案全文"),
    (&["description"], "补偿安置方案全文"),
    (&["accessibility_needs"], "需要大字版答复"),
    (&["state_label"], "办理中"),
    (&["outcome_label", "group_label"], "予以公开"),
    (&["label"], "办理中"),
    (&["label_en"], "In progress"),
    (&["meaning"], "请按 errors 中逐项指出的位置改正。"),
    (&["meaning_en"], "Correct each place that errors points to."),
    (&["changes"], "第二项请写明所依据的条款"),
    (&["step"], "received"),
    (&["note", "late_entry_reason"], "补录纸质台账"),
    (&["detail"], "春节"),
    (&["detail_en"], "The application must be amended."),
    (&["reason", "reasons", "explanation"], "需要查阅的档案数量较大"),
    (
        &["zh"],
        "网上申请于 2026-11-02 提交成功，按该日计算的答复期限为 2026-11-30。",
    ),
    (
        &["en"],
        "Submitted online on 2026-11-02; counted from that day, the reply is due on 2026-11-30.",
    ),
    (&["witness"], "社区干部周敏"),
    (&["without_service_reason"], "按申请人提供的地址三次投递未果，电话停机"),
    (&["late_confirmation_reason"], "多次电话无人接听"),
    (&["dispatch_id"], "dispatch-14"),
    (&["text", "given_up"], "评估机构的报价资料，已从其他途径取得"),
    (&["ground"], "讨论记录"),
    (&["law"], "《中华人民共和国统计法》"),
    (&["where"], "随函附件，共 12 页"),
    (&["concerning"], "方案所附评估报告"),
    (&["result"], "电话已接通，本人确认"),
    (&["method"], "挂号信"),
    (&["proof", "reference"], "XA12345678944"),
    (&["volume"], "2026-永久-3"),
    (&["defects"], "请写明批准年份"),
    (&["systems"], "电子公文系统"),
    (&["keywords"], "补偿安置方案"),
    (&["scope"], "2024年1月至2026年3月的公文和档案"),
    (&["field"], "received_on"),
    (&["article", "articles", "reply", "extension", "delay"], "第三十三条"),
    (&["amendment"], "第三十条"),
    (&["third_party"], "第三十二条"),
    (&["confirmation"], "第三十一条"),
    (&["correction"], "第四十一条"),
    (&["fee_payment"], "信息处理费管理办法第六条"),
    (&["fields"], "defects"),
    (&["basis"], "《条例》第三十条"),
    (&["redactions"], "遮盖了身份证号码"),
    (&["local_basis"], "《江临市政府信息公开规定》第十条"),
    (&["payment"], "到县政务服务中心财政窗口缴纳"),
    (&["missing_glyphs"], "𠮷 U+20BB7"),
    (&["row"], "r03"),
    (&["columns", "column"], "total"),
    (&["cells"], "r03.total"),
    (&["allowed_actions"], "withdraw"),
    (&["consultation_id"], "consultation-7"),
    (&["assignment_id"], "assignment-5"),
    (&["remedy_id"], "remedy-12"),
    (
        &[
            "document_ids",
            "into_case_id",
            "case_id",
            "together_with",
            "other_case_id",
            "split_into",
            "unit_id",
            "user_id",
        ],
        "01997000-0000-7000-8000-000000000001",
    ),
    (&["q"], "征收补偿"),
    (&["queue"], "due_soon"),
    (&["state"], "in_progress"),
    (&["on", "day"], "2026-03-10"),
    (&["due_on", "act_by"], "2026-04-08"),
];

/// A value for each name of a field whose schema has none.
fn glossary(name: &str) -> Option<Value> {
    match name {
        "next_cursor" => return Some(Value::Null),
        "seq" | "version" => return Some(json!(7)),
        "current_version" => return Some(json!(8)),
        "warning" => return Some(Value::Null),
        "year" => return Some(json!(2026)),
        _ => {}
    }
    let (_, text) = GLOSSARY.iter().find(|(names, _)| names.contains(&name))?;
    Some(json!(text))
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
            // An example shows what is well; `problem` is only there where something is not.
            if (self.required_only && !is_required(name)) || name == "problem" {
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
