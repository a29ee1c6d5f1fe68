//! What a template must say and must not say, looked at before it is published: the elements without which an instrument is
//! open to challenge, and wordings that the law has left behind.

use super::{Fault, Template};
use crate::domain::instrument::code::InstrumentCode;
use crate::domain::people::agency::AgencyKind;
use crate::papers::letters::TemplateCode;

/// For whom a template is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// 行政复议法 27, 28: only for these agencies is the next higher department the organ of reconsideration.
    pub kind: AgencyKind,
}

/// An element that cannot be missing.
enum Must {
    /// Each of these variables is shown.
    Shows(&'static [&'static str]),
    /// Its own text cites one of these articles or documents.
    Cites(&'static [&'static str]),
}
use Must::{Cites, Shows};

/// Everything that keeps the template of this kind from being published.
pub fn lint(code: TemplateCode, template: &Template, reader: Reader) -> Vec<Fault> {
    let mut faults = Vec::new();
    for must in musts(code) {
        missing(template, &must, &mut faults);
    }
    for (line, number) in template.text.lines().zip(1..) {
        outdated(code, line, number, reader, &mut faults);
    }
    faults
}

fn missing(template: &Template, must: &Must, faults: &mut Vec<Fault>) {
    match must {
        Shows(names) => {
            for name in names.iter().filter(|name| !template.used.contains(**name)) {
                let shown = name.replace("[]", "");
                faults.push(Fault::new(
                    None,
                    format!("缺少必备内容：没有使用变量“{shown}”。请在正文中写明，或者恢复被删去的语句。"),
                    format!("A mandatory element is missing: `{shown}` is not shown."),
                ));
            }
        }
        Cites(articles) => {
            let text = without_comments(&template.text);
            if !articles.iter().any(|article| text.contains(article)) {
                let articles = articles.join("或者");
                faults.push(Fault::new(
                    None,
                    format!("缺少法律依据：正文没有引用{articles}。"),
                    format!("The legal basis is missing: {articles} is not cited."),
                ));
            }
        }
    }
}

/// What the drafter is told is not printed.
fn without_comments(text: &str) -> String {
    let mut printed = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{#") {
        printed.push_str(before);
        rest = after.split_once("#}").map_or("", |(_, behind)| behind);
    }
    printed + rest
}

/// The elements of statute and practice (《条例》 Arts 29–42; 国办函〔2020〕109号).
#[rustfmt::skip]
fn musts(code: TemplateCode) -> Vec<Must> {
    use InstrumentCode::*;
    let TemplateCode::Of(code) = code else {
        return vec![Shows(&["案件.编号", "条例", "答复内容", "救济告知", "落款"])];
    };
    match code {
        D01 => vec![Shows(&["案件.申请人", "申请.特征描述"])],
        D02 => vec![Shows(&["案件.编号", "案件.申请人", "案件.申请内容", "案件.收到日期"])],
        D03 => vec![Shows(&["案件.编号", "案件.收到日期", "案件.申请人", "回执.期限", "回执.收到依据", "机关.电话"])],
        D04 => vec![Shows(&["案件.编号", "补正.事项", "补正.期限", "补正.工作日", "落款"]), Cites(&["第三十条"]), Cites(&["不再处理"])],
        D05 => vec![Shows(&["案件.编号", "落款"]), Cites(&["第三十五条"])],
        D06 => vec![Shows(&["案件.编号", "延期.原期限", "延期.新期限", "延期.理由", "落款"]), Cites(&["第三十三条"])],
        D07 => vec![Shows(&["征求意见.内容", "征求意见.工作日", "落款"]), Cites(&["第三十二条"])],
        D08 => vec![Shows(&["征求意见.对象", "征求意见.意见"])],
        D09 => vec![Shows(&["案件.编号", "征求意见.开始日期", "落款"]), Cites(&["第三十三条"])],
        D10 => vec![Shows(&["征求意见.内容", "征求意见.工作日", "落款"]), Cites(&["第三十四条", "第十一条"])],
        D11 => vec![Shows(&["案件.编号", "协办.科室", "协办.期限"])],
        D12 => vec![Shows(&["案件.编号", "收费.计算", "收费.金额", "收费.缴费工作日", "落款"]), Cites(&["第四十二条"]), Cites(&["109号"]), Cites(&["不再处理"])],
        D13 => vec![Shows(&["案件.编号", "逾期.期限", "救济告知", "落款"]), Cites(&["第三十条"])],
        D14 => vec![Shows(&["案件.编号", "逾期.期限", "逾期.金额", "救济告知", "落款"]), Cites(&["109号"])],
        D20 => vec![Shows(&["答复.事项[].内容"]), Cites(&["第三十六条"])],
        D21 => vec![Shows(&["答复.事项[].内容", "答复.事项[].获取处"]), Cites(&["第三十六条"])],
        D22 => vec![Cites(&["第三十七条"])],
        // 不印理由: a reason could itself tell what is secret.
        D23 => vec![Shows(&["答复.事项[].内容"]), Cites(&["第十四条"])],
        D24 => vec![Shows(&["答复.事项[].内容", "答复.事项[].法律法规", "答复.事项[].理由"]), Cites(&["第十四条"])],
        D25 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"]), Cites(&["第十四条"])],
        D26 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"]), Cites(&["第十五条"]), Cites(&["公共利益"])],
        D27 | D28 | D29 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"]), Cites(&["第十六条"])],
        D30 => vec![Shows(&["答复.事项[].内容", "答复.事项[].检索"]), Cites(&["第三十六条"])],
        D31 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由", "答复.事项[].负责机关", "答复.事项[].联系方式"]), Cites(&["第三十六条"])],
        D32 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"]), Cites(&["第三十八条"])],
        D33 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"]), Cites(&["第三十条", "第二十九条"])],
        D34 => vec![Shows(&["答复.事项[].内容"]), Cites(&["第三十九条"])],
        D35 => vec![Shows(&["答复.事项[].内容", "答复.事项[].此前编号"]), Cites(&["第三十六条"])],
        D36 => vec![Shows(&["答复.事项[].内容"]), Cites(&["第三十九条"])],
        D37 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"]), Cites(&["第三十五条"])],
        D38 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"])],
        D39 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"]), Cites(&["第三十六条"])],
        D40 => vec![Shows(&["案件.编号", "延迟.期限", "延迟.理由", "落款"]), Cites(&["第三十五条"])],
        D41 => vec![Shows(&["公开决定.内容", "公开决定.理由", "救济告知", "落款"]), Cites(&["第三十二条"])],
        D42 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"]), Cites(&["第四十一条"])],
        D43 => vec![Shows(&["送达.文书", "送达.受送达人", "送达.方式"])],
        D44 => vec![Shows(&["审批.事项", "审批.审查"])],
        D45 => vec![Shows(&["归档.目录", "归档.保管期限"])],
        D46 => vec![Shows(&["案件.编号", "更换.理由", "落款"])],
        D47 => vec![Shows(&["案件.编号", "恢复.理由", "落款"])],
        D48 => vec![Shows(&["答复.事项[].内容", "答复.事项[].理由"]), Cites(&["第二条"])],
    }
}

/// Whether one of these stands in a text.
fn has(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

const REFUSALS: &[InstrumentCode] = &[
    InstrumentCode::D22,
    InstrumentCode::D23,
    InstrumentCode::D24,
    InstrumentCode::D25,
    InstrumentCode::D26,
    InstrumentCode::D27,
    InstrumentCode::D28,
    InstrumentCode::D29,
];

/// Wordings of earlier law, by line. What the drafter alone reads may name them.
fn outdated(code: TemplateCode, line: &str, number: u32, reader: Reader, faults: &mut Vec<Fault>) {
    let line: String = without_comments(line).chars().filter(|c| !c.is_whitespace()).collect();
    for sentence in line.split(['。', '；']) {
        let mut fault = |zh: &str, en: &str| faults.push(Fault::new(Some(number), zh, en));
        let suit = has(sentence, &["起诉", "提起行政诉讼", "提起诉讼"]);
        if suit && has(sentence, &["三个月", "3个月", "３个月"]) {
            fault(
                "起诉期限已经不是三个月：直接起诉的期限是六个月（《行政诉讼法》第四十六条）。请删去这一句，用“救济告知”生成救济途径。",
                "A suit is brought within six months (行政诉讼法 46), not three; remove this and let 救济告知 tell the remedies.",
            );
        }
        let refusal = matches!(code, TemplateCode::Of(code) if REFUSALS.contains(&code));
        if refusal && suit && !sentence.contains("复议决定") {
            fault(
                "依据第十四条至第十六条不予公开的，应当先申请行政复议，不能告知直接起诉（《行政复议法》第二十三条，2024年1月1日起）。请删去这一句。",
                "Against a refusal under Arts 14–16 reconsideration comes first (行政复议法 23); a direct suit must not be told.",
            );
        }
        let period = has(sentence, &["十五个工作日", "15个工作日", "１５个工作日"]);
        let about_reply = has(
            sentence,
            &[
                "答复期限",
                "作出答复",
                "予以答复",
                "内答复",
                "延长答复",
                "延长至",
                "延长期限",
                "延期",
            ],
        );
        let about_others = has(sentence, &["征求", "第三方", "意见", "补正", "说明理由"]);
        if period && about_reply && !about_others {
            fault(
                "答复期限和延长的期限已经不是十五个工作日，而是二十个工作日（《条例》第三十三条）。请使用期限变量，不要写固定的日数。",
                "The period of reply and its extension are twenty working days (Art 33), not fifteen; use the variables.",
            );
        }
        let higher = has(sentence, &["上级主管部门", "上一级主管部门", "上级行政主管部门"]);
        if higher && has(sentence, &["复议"]) && !reader.kind.goes_to_higher_department() {
            fault(
                "对政府工作部门的行政复议，2024年1月1日起由本级人民政府管辖，不再是上级主管部门（《行政复议法》第二十四条；实行垂直领导的机关和司法行政部门除外）。请删去这一句。",
                "Reconsideration against a department goes to the government of its level since 2024 (行政复议法 24), not to the next higher department.",
            );
        }
    }
}
