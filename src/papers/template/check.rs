//! What a template may say: its placeholders are read as the engine reads them, and each name is looked for among the
//! variables, so that a slip of the pen is found when a template is published and not when a letter is due.

use std::collections::BTreeSet;

use minijinja::ErrorKind;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Filter, ForLoop, IfCond, Stmt, UnaryOpKind};
use minijinja::machinery::parse;

use super::marks::{Fault, OPEN, is_nonchar, syntax};
use crate::papers::facts::{Field, Kind};

/// The variables that a template shows, by their whole names: `补正.期限`; what is in a list `答复.事项[].理由`.
pub type Used = BTreeSet<String>;

#[derive(Debug, Clone, Copy)]
pub enum FilterKind {
    Join,
    Length,
    Default,
    Ordinal,
}

/// The filters of templates. Those with Chinese names read as the text around them does.
pub const FILTERS: &[(&str, FilterKind)] = &[
    ("join", FilterKind::Join),
    ("顿号", FilterKind::Join),
    ("length", FilterKind::Length),
    ("件数", FilterKind::Length),
    ("default", FilterKind::Default),
    ("中文序号", FilterKind::Ordinal),
];

const LOOP_FIELDS: &[Field] = &[number("index"), number("length"), flag("first"), flag("last")];

const fn number(name: &'static str) -> Field {
    plain(name, Kind::Number)
}

const fn flag(name: &'static str) -> Field {
    plain(name, Kind::Flag)
}

const fn plain(name: &'static str, kind: Kind) -> Field {
    Field {
        name,
        meaning: "",
        example: &[],
        kind,
        optional: false,
    }
}

/// Reads the placeholders of a template.
///
/// # Errors
/// What is unknown or not possible in a template.
pub(super) fn check(text: &str, variables: &[Field]) -> Result<Used, Vec<Fault>> {
    let mut faults = odd_characters(text);
    let parsed = parse(text, "template", syntax()).map_err(|error| vec![fault_of(&error)])?;
    let mut check = Check {
        scopes: variables
            .iter()
            .map(|field| (field.name.to_owned(), field.kind, field.name.to_owned()))
            .collect(),
        used: Used::new(),
        asking: false,
        faults: Vec::new(),
    };
    if let Stmt::Template(template) = &parsed {
        check.statements(&template.children);
    }
    faults.extend(check.faults);
    match faults.is_empty() {
        true => Ok(check.used),
        false => Err(faults),
    }
}

fn odd_characters(text: &str) -> Vec<Fault> {
    let odd = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || is_nonchar(c) || c == OPEN;
    let lines = text.lines().zip(1..).filter(|(line, _)| line.chars().any(odd));
    lines
        .map(|(_, line)| {
            Fault::new(
                Some(line),
                "本行含有看不见的控制字符，请删除后重新输入。",
                "This line holds control characters; delete and type it anew.",
            )
        })
        .collect()
}

pub(super) fn too_long() -> Fault {
    Fault::new(
        None,
        "模板生成的内容过多，已经停止。请检查循环是否重复生成了同样的内容。",
        "The template makes too much text and was stopped; see whether a loop repeats itself.",
    )
}

/// What the engine says of a template.
pub(super) fn fault_of(error: &minijinja::Error) -> Fault {
    let line = error.line().and_then(|line| u32::try_from(line).ok());
    match error.kind() {
        ErrorKind::OutOfFuel | ErrorKind::WriteFailure => too_long(),
        ErrorKind::SyntaxError => Fault::new(
            line,
            format!(
                "占位写法有误（{}）。变量写作 {{{{ 名称 }}}}，循环以 {{% for %}} 开始、以 {{% endfor %}} 结束，条件以 {{% if %}} 开始、以 {{% endif %}} 结束。",
                error.detail().unwrap_or("语法")
            ),
            format!("Not well-formed: {}.", error.detail().unwrap_or("syntax")),
        ),
        kind => Fault::new(
            line,
            format!("模板无法生成（{kind}）。"),
            format!("The template cannot be filled in: {error:#}."),
        ),
    }
}

struct Check {
    /// The names that are known, with what they hold and their whole names; the innermost last.
    scopes: Vec<(String, Kind, String)>,
    used: Used,
    /// What is only asked about is not shown.
    asking: bool,
    faults: Vec<Fault>,
}

/// What an expression gives.
type Given = Option<(Kind, String)>;

impl Check {
    fn fault(&mut self, line: u16, zh: impl Into<String>, en: impl Into<String>) {
        self.faults.push(Fault::new(Some(u32::from(line)), zh, en));
    }

    fn statements(&mut self, statements: &[Stmt<'_>]) {
        for statement in statements {
            match statement {
                Stmt::EmitRaw(_) => {}
                Stmt::EmitExpr(emit) => self.shown(&emit.expr),
                Stmt::ForLoop(each) => self.each(each, each.span().start_line),
                Stmt::IfCond(condition) => self.condition(condition),
                other => {
                    let line = line_of(other);
                    self.fault(
                        line,
                        "模板中只能使用变量 {{ }}、循环 {% for %}、条件 {% if %} 和说明 {# #}。",
                        "A template has placeholders, `for`, `if` and comments only.",
                    );
                }
            }
        }
    }

    fn ask(&mut self, expr: &Expr<'_>) {
        let before = std::mem::replace(&mut self.asking, true);
        self.expression(expr);
        self.asking = before;
    }

    fn condition(&mut self, condition: &IfCond<'_>) {
        self.ask(&condition.expr);
        self.statements(&condition.true_body);
        self.statements(&condition.false_body);
    }

    fn each(&mut self, each: &ForLoop<'_>, line: u16) {
        let given = self.expression(&each.iter);
        let Expr::Var(target) = &each.target else {
            return self.fault(line, "循环变量只能是一个名称。", "A loop has one variable.");
        };
        let (kind, path) = match given {
            Some((Kind::List(one), path)) if !each.recursive => (*one, format!("{path}[]")),
            Some(_) => {
                let zh = "循环只能逐项列出一个“列表”变量。";
                return self.fault(line, zh, "A loop goes through a variable that is a list.");
            }
            None => return,
        };
        let known = self.scopes.len();
        self.scopes.push((target.id.to_owned(), kind, path));
        self.scopes
            .push(("loop".to_owned(), Kind::Group(LOOP_FIELDS), "loop".to_owned()));
        if let Some(only) = &each.filter_expr {
            self.ask(only);
        }
        self.statements(&each.body);
        self.scopes.truncate(known);
        self.statements(&each.else_body);
    }

    /// What a placeholder prints.
    fn shown(&mut self, expr: &Expr<'_>) {
        let line = expr.span().start_line;
        if let Some((Kind::Group(_) | Kind::List(_), path)) = self.expression(expr) {
            self.fault(
                line,
                format!("“{path}”是一组内容，不能直接印出。请写明其中的一项，或者用循环逐项列出。"),
                format!("`{path}` is a group or a list; name one of it, or go through it in a loop."),
            );
        }
    }

    fn expression(&mut self, expr: &Expr<'_>) -> Given {
        match expr {
            Expr::Var(name) => self.variable(name.id, name.span().start_line),
            Expr::Const(_) => None,
            Expr::GetAttr(of) => {
                let given = self.expression(&of.expr)?;
                self.field(given, of.name, of.span().start_line)
            }
            Expr::Filter(filter) => self.filter(filter, filter.span().start_line),
            Expr::Test(test) if matches!(test.name, "defined" | "none") && test.args.is_empty() => {
                self.expression(&test.expr);
                None
            }
            Expr::UnaryOp(not) if matches!(not.op, UnaryOpKind::Not) => {
                self.expression(&not.expr);
                None
            }
            Expr::BinOp(two) if is_comparison(&two.op) => {
                self.expression(&two.left);
                self.expression(&two.right);
                None
            }
            Expr::Compare(compare) => {
                self.expression(&compare.expr);
                for with in &compare.ops {
                    self.expression(&with.expr);
                }
                None
            }
            Expr::IfExpr(either) => {
                self.ask(&either.test_expr);
                self.shown(&either.true_expr);
                if let Some(other) = &either.false_expr {
                    self.shown(other);
                }
                None
            }
            other => {
                self.fault(
                    other.span().start_line,
                    "模板中不能使用这种写法（计算、函数、下标）。请只写变量名称、比较和列出的过滤器。",
                    "Arithmetic, calls and subscripts are not for templates.",
                );
                None
            }
        }
    }

    fn use_of(&mut self, path: &str) {
        if !self.asking {
            self.used.insert(path.to_owned());
        }
    }

    fn variable(&mut self, name: &str, line: u16) -> Given {
        let found = self.scopes.iter().rev().find(|(known, ..)| known == name);
        match found.map(|(_, kind, path)| (*kind, path.clone())) {
            Some((kind, path)) => {
                self.use_of(&path);
                Some((kind, path))
            }
            None => {
                let known: Vec<_> = self.scopes.iter().map(|(known, ..)| known.as_str()).collect();
                let known = known.join("、");
                self.fault(
                    line,
                    format!("没有“{name}”这个变量。本模板可用的有：{known}。"),
                    format!("There is no variable `{name}`; this template has {known}."),
                );
                None
            }
        }
    }

    fn field(&mut self, (kind, path): (Kind, String), name: &str, line: u16) -> Given {
        let Kind::Group(fields) = kind else {
            self.fault(
                line,
                format!("“{path}”下面没有“{name}”这一项。"),
                format!("`{path}` has no `{name}`."),
            );
            return None;
        };
        match fields.iter().find(|field| field.name == name) {
            Some(field) => {
                let path = format!("{path}.{name}");
                self.use_of(&path);
                Some((field.kind, path))
            }
            None => {
                let known: Vec<_> = fields.iter().map(|field| field.name).collect();
                let known = known.join("、");
                self.fault(
                    line,
                    format!("“{path}”下面没有“{name}”这一项。可用的有：{known}。"),
                    format!("`{path}` has no `{name}`; it has {known}."),
                );
                None
            }
        }
    }

    fn filter(&mut self, filter: &Filter<'_>, line: u16) -> Given {
        let known = FILTERS.iter().find(|(name, _)| *name == filter.name);
        let Some((_, kind)) = known else {
            let names: Vec<_> = FILTERS.iter().map(|(name, _)| *name).collect();
            let names = names.join("、");
            self.fault(
                line,
                format!("没有“{}”这个过滤器。可用的有：{names}。", filter.name),
                format!("There is no filter `{}`; there are {names}.", filter.name),
            );
            return None;
        };
        let given = filter.expr.as_ref().and_then(|expr| self.expression(expr));
        for argument in &filter.args {
            match argument {
                CallArg::Pos(expr) => {
                    self.shown(expr);
                }
                _ => self.fault(line, "过滤器的参数写法有误。", "A filter takes plain arguments."),
            }
        }
        let fits = match (kind, given.as_ref().map(|(kind, _)| kind)) {
            (_, None) | (FilterKind::Default, _) => true,
            (FilterKind::Join, Some(Kind::List(one))) => !matches!(one, Kind::Group(_) | Kind::List(_)),
            (FilterKind::Length, Some(Kind::List(_))) | (FilterKind::Ordinal, Some(Kind::Number)) => true,
            _ => false,
        };
        if !fits {
            let zh = format!("过滤器“{}”不适用于这个变量。", filter.name);
            self.fault(
                line,
                zh,
                format!("The filter `{}` is not for this variable.", filter.name),
            );
        }
        match kind {
            FilterKind::Default => given.filter(|(kind, _)| !matches!(kind, Kind::Group(_) | Kind::List(_))),
            FilterKind::Length => Some((Kind::Number, String::new())),
            _ => None,
        }
    }
}

fn is_comparison(op: &BinOpKind) -> bool {
    use BinOpKind::*;
    matches!(op, Eq | Ne | Lt | Lte | Gt | Gte | In | ScAnd | ScOr)
}

fn line_of(statement: &Stmt<'_>) -> u16 {
    match statement {
        Stmt::WithBlock(inner) => inner.span().start_line,
        Stmt::Set(inner) => inner.span().start_line,
        Stmt::SetBlock(inner) => inner.span().start_line,
        Stmt::AutoEscape(inner) => inner.span().start_line,
        Stmt::FilterBlock(inner) => inner.span().start_line,
        Stmt::Do(inner) => inner.span().start_line,
        _ => 1,
    }
}
