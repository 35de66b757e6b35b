//! The one renderer: a query tree as SQL of either dialect.
//!
//! It writes values as parameters, never into the text; the one exception is what `Display` shows, where values stand as literals that
//! the engine's shell reads back the same. Where the engines differ, the difference is in here and nowhere else.

mod aggregate;
mod array_text;
mod expr;
mod joins;
mod list;
mod literal;
mod number;
mod range;
mod select;
mod shift;
mod write;

use chrono::{DateTime, SubsecRound, Utc};

use joins::Scope;
pub(crate) use write::{counter, key_positions};

use super::tree::Roots;
use crate::sql::Dialect;
use crate::statement::{About, Statement};
use crate::table::TableMeta;
use crate::{Result, Value};

/// Writes one statement.
pub(crate) struct Renderer {
    dialect: Dialect,
    out: String,
    values: Values,
    /// The queries around the place that is being written, the innermost last.
    scopes: Vec<Scope>,
    /// The moment of the statement, once it has been named.
    now: Option<Now>,
    /// Whether there is a row that could not be inserted.
    upserts: bool,
    /// Which parameters belong to columns that hold secrets, by position from 0.
    secrets: Vec<usize>,
    /// Which parameters stand in SQL of the user, so that nobody can tell what they belong to.
    hidden: Vec<usize>,
    /// Whether a column that holds a secret was written since somebody asked last.
    secret_seen: bool,
    /// What the outermost statement does.
    about: Option<About>,
    /// Whether what is being written is asked whether it is null.
    null_test: bool,
    /// Whether what is written next is read or stored, and no part of anything.
    outermost: bool,
}

/// Where values go.
enum Values {
    /// Into parameters.
    Bound(Vec<Value>),
    /// Into the text, for `Display`.
    Shown,
}

/// The moment of the statement.
#[derive(Clone, Copy)]
struct Now {
    moment: DateTime<Utc>,
    /// The number of its parameter, from 1.
    parameter: usize,
}

impl Renderer {
    /// A renderer for a statement that will be run.
    pub(crate) const fn new(dialect: Dialect) -> Self {
        Self::with(dialect, Values::Bound(Vec::new()))
    }

    /// A renderer for a text that will be read by people and shells.
    pub(crate) const fn shown(dialect: Dialect) -> Self {
        Self::with(dialect, Values::Shown)
    }

    const fn with(dialect: Dialect, values: Values) -> Self {
        Self {
            dialect,
            out: String::new(),
            values,
            scopes: Vec::new(),
            now: None,
            upserts: false,
            secrets: Vec::new(),
            hidden: Vec::new(),
            secret_seen: false,
            about: None,
            null_test: false,
            outermost: false,
        }
    }

    /// Says what the statement does, unless this is a part of another one.
    fn is_about(&mut self, operation: &'static str, table: &'static TableMeta) {
        let table = &table.table().sql_name;
        self.about.get_or_insert(About { operation, table });
    }

    /// Adds what the closure writes. The values in it are secret if it names a column that holds secrets, or if `secret` says so.
    fn guarded(&mut self, secret: bool, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let Values::Bound(args) = &self.values else { return write(self) };
        let first = args.len();
        let seen_before = std::mem::replace(&mut self.secret_seen, secret);
        let written = write(self);
        if let (true, Values::Bound(args)) = (self.secret_seen, &self.values) {
            self.secrets.extend(first..args.len());
        }
        self.secret_seen |= seen_before;
        written
    }

    /// The statement.
    pub(crate) fn finish(self) -> Statement {
        let args = match self.values {
            Values::Bound(args) => args,
            Values::Shown => Vec::new(),
        };
        Statement::new(self.out, args).with_secrets(self.secrets).hiding(self.hidden).with_about(self.about)
    }

    /// Adds SQL that we wrote.
    pub(super) fn push(&mut self, sql: &str) {
        self.out.push_str(sql);
    }

    /// Adds a quoted identifier.
    fn identifier(&mut self, name: &str) {
        self.out.push_str(&crate::sql::identifier(name));
    }

    /// Adds a value: a parameter, or a literal where the text is for people.
    fn value(&mut self, value: &Value) {
        match &mut self.values {
            Values::Bound(args) => {
                args.push(value.clone());
                let number = args.len();
                self.placeholder(number);
            }
            Values::Shown => literal::write(value, self.dialect, &mut self.out),
        }
    }

    /// Adds the placeholder of the parameter with this number.
    fn placeholder(&mut self, number: usize) {
        self.out.push(match self.dialect {
            Dialect::Sqlite => '?',
            Dialect::Postgres => '$',
        });
        self.out.push_str(&number.to_string());
    }

    /// Adds the moment of the statement.
    fn now(&mut self) {
        if let (Some(now), Values::Bound(_)) = (self.now, &self.values) {
            self.placeholder(now.parameter);
            return;
        }
        let moment = self.now.map_or_else(|| Utc::now().trunc_subsecs(6), |now| now.moment);
        self.value(&Value::Timestamptz(moment));
        let parameter = match &self.values {
            Values::Bound(args) => args.len(),
            Values::Shown => 0,
        };
        self.now = Some(Now { moment, parameter });
    }

    /// Adds what the closure writes for each item, with a separator between.
    fn separated<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &str,
        mut write: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        for (position, item) in items.into_iter().enumerate() {
            if position > 0 {
                self.push(separator);
            }
            write(self, item)?;
        }
        Ok(())
    }

    /// The tables that paths begin at, the innermost query's last.
    fn roots(&self) -> Vec<&'static TableMeta> {
        self.scopes.iter().map(Scope::root).collect()
    }

    /// The type of an expression where it stands.
    fn type_of(&self, expr: &super::tree::Expr) -> Option<crate::schema::ColumnType> {
        let roots = self.roots();
        let roots: Roots<'_> = &roots;
        super::tree::type_of(expr, roots)
    }
}

/// A value as people read it, for messages.
pub(crate) fn shown_value(value: &Value) -> String {
    let mut out = String::new();
    literal::write(value, Dialect::Sqlite, &mut out);
    out
}
