//! Codes drawn for pages: SVG with physical sizes, and without style attributes, which the policy of a page forbids.

use std::fmt::Write;

use minijinja::HtmlEscape;

use super::codes::Code;

/// A code as a drawing; `label` is what it is for those who do not see it.
pub(super) fn svg(code: &Code, label: &str) -> String {
    let Code { columns, rows, .. } = code;
    let label = HtmlEscape(label);
    let mut dark = String::new();
    for run in &code.dark {
        let (column, row, length) = (run.column, run.row, run.length);
        let _ = write!(dark, "M{column} {row}h{length}v1h-{length}z");
    }
    let [width, height] = [code.width, code.height].map(|microns| f64::from(microns) / 1000.);
    // Bars are one module high, drawn out to their height.
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" width="{width:.2}mm" height="{height:.2}mm" viewBox="0 0 {columns} {rows}" preserveAspectRatio="none" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{columns}v{rows}h-{columns}z"/><path fill="#000" d="{dark}"/></svg>"##
    )
}
