//! The same work on the plain drivers, which every figure of a query is compared with.

use rusqlite::Connection;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Row, query};

/// How many rows the larger reads and writes have.
pub const ROWS: i64 = 10_000;

/// A row as a user of a plain driver would declare it.
pub struct Plain {
    #[expect(dead_code, reason = "whoever reads a row wants it; what is measured is the reading")]
    pub id: i64,
    pub name: String,
    pub count: i32,
    pub ratio: f64,
    pub active: bool,
    pub notes: Option<String>,
}

impl Plain {
    /// Row number `id` of the data that every measurement reads or writes.
    pub fn number(id: i64) -> Self {
        Self {
            id,
            name: format!("reading number {id}"),
            count: i32::try_from(id % 1_000).unwrap_or(0),
            ratio: id as f64 / 7.0,
            active: id % 3 == 0,
            notes: (id % 2 == 0).then(|| "every second row has a note".to_owned()),
        }
    }
}

/// The first `count` rows of that data.
pub fn rows(count: i64) -> Vec<Plain> {
    (1..=count).map(Plain::number).collect()
}

pub const ALL: &str = "SELECT id, name, count, ratio, active, notes FROM reading";
pub const THREE: &str = "SELECT id, name, count FROM reading";
pub const BY_KEY_SQLITE: &str = "SELECT id, name, count, ratio, active, notes FROM reading WHERE id = ?1";
pub const BY_KEY_POSTGRES: &str = "SELECT id, name, count, ratio, active, notes FROM reading WHERE id = $1";

/// rusqlite, with its cache of prepared statements.
pub mod sqlite {
    use super::*;

    pub fn get(db: &Connection, id: i64) -> Plain {
        db.prepare_cached(BY_KEY_SQLITE).unwrap().query_row([id], whole).unwrap()
    }

    pub fn three(db: &Connection) -> Vec<(i64, String, i32)> {
        let mut statement = db.prepare_cached(THREE).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    pub fn six(db: &Connection) -> Vec<Plain> {
        let mut statement = db.prepare_cached(ALL).unwrap();
        let rows = statement.query_map([], whole).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    /// One prepared statement, run for each row, in one transaction.
    pub fn insert(db: &mut Connection, rows: &[Plain]) {
        let transaction = db.transaction().unwrap();
        {
            let mut statement = transaction
                .prepare_cached("INSERT INTO reading (name, count, ratio, active, notes) VALUES (?1, ?2, ?3, ?4, ?5)")
                .unwrap();
            for row in rows {
                statement.execute((&row.name, row.count, row.ratio, row.active, &row.notes)).unwrap();
            }
        }
        transaction.commit().unwrap();
    }

    fn whole(row: &rusqlite::Row<'_>) -> rusqlite::Result<Plain> {
        Ok(Plain {
            id: row.get(0)?,
            name: row.get(1)?,
            count: row.get(2)?,
            ratio: row.get(3)?,
            active: row.get(4)?,
            notes: row.get(5)?,
        })
    }
}

/// sqlx on one connection, without a pool.
pub mod postgres {
    use super::*;

    pub async fn get(db: &mut PgConnection, id: i64) -> Plain {
        whole(&query(BY_KEY_POSTGRES).bind(id).fetch_one(db).await.unwrap())
    }

    pub async fn three(db: &mut PgConnection) -> Vec<(i64, String, i32)> {
        query(THREE).fetch_all(db).await.unwrap().iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    }

    pub async fn six(db: &mut PgConnection) -> Vec<Plain> {
        query(ALL).fetch_all(db).await.unwrap().iter().map(whole).collect()
    }

    /// One statement with an array for each column.
    pub async fn insert(db: &mut PgConnection, rows: &[Plain]) {
        const SQL: &str = "INSERT INTO reading (name, count, ratio, active, notes) \
             SELECT * FROM UNNEST($1::text[], $2::int4[], $3::float8[], $4::bool[], $5::text[])";
        query(SQL)
            .bind(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.count).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.ratio).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.active).collect::<Vec<_>>())
            .bind(rows.iter().map(|row| row.notes.as_deref()).collect::<Vec<_>>())
            .execute(db)
            .await
            .unwrap();
    }

    fn whole(row: &PgRow) -> Plain {
        Plain {
            id: row.get(0),
            name: row.get(1),
            count: row.get(2),
            ratio: row.get(3),
            active: row.get(4),
            notes: row.get(5),
        }
    }
}
