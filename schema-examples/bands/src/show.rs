//! Results as tables.

use piccolo_runtime::query::Select;
use piccolo_runtime::{Engine, Result, Row, Table};

/// Prints what a query is for, its SQL, and its rows.
pub(crate) async fn show<R: Table, O: Send + 'static>(title: &str, query: Select<R, O>, db: &Engine) -> Result<()> {
    println!("{title}\n\n    {};\n", query.display(db.dialect()));
    let rows = query.rows().run(db).await?;
    println!("{}", table(&rows));
    Ok(())
}

/// The rows under their names, in columns that are as wide as they must be.
fn table(rows: &[Row]) -> String {
    let names = rows.first().map(|row| row.names().map(str::to_owned).collect());
    let lines: Vec<Vec<String>> = names.into_iter().chain(rows.iter().map(cells)).collect();
    let mut widths: Vec<usize> = Vec::new();
    for line in &lines {
        widths.resize(line.len(), 0);
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at == 1 {
            let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            text.push_str(&format!("    {}\n", rules.join("  ")));
        }
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(&format!("    {}\n", cells.join("  ").trim_end()));
    }
    text
}

/// The values of a row as a reader wants them: texts without quotes, and nothing for null.
fn cells(row: &Row) -> Vec<String> {
    row.values()
        .iter()
        .map(|value| match serde_json::to_value(value) {
            Ok(serde_json::Value::String(text)) => text,
            Ok(serde_json::Value::Null) | Err(_) => String::new(),
            Ok(other) => other.to_string(),
        })
        .collect()
}
