//! The enum `Genre`.

use piccolo_runtime::codegen_support as rt;

/// What a band plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Genre {
    /// `rock`
    Rock,
    /// `jazz`
    Jazz,
    /// `folk`
    Folk,
}

/// The enum as the schema describes it.
pub static ENUM: rt::schema::Enum = rt::schema::Enum {
    name: rt::Cow::Borrowed("Genre"),
    sql_name: rt::schema::QualifiedName { schema: None, name: rt::Cow::Borrowed("genre") },
    doc: rt::Cow::Borrowed("What a band plays."),
    values: rt::Cow::Borrowed(&[
        rt::schema::EnumValue {
            name: rt::Cow::Borrowed("rock"),
            text: rt::Cow::Borrowed("rock"),
            doc: rt::Cow::Borrowed(""),
        },
        rt::schema::EnumValue {
            name: rt::Cow::Borrowed("jazz"),
            text: rt::Cow::Borrowed("jazz"),
            doc: rt::Cow::Borrowed(""),
        },
        rt::schema::EnumValue {
            name: rt::Cow::Borrowed("folk"),
            text: rt::Cow::Borrowed("folk"),
            doc: rt::Cow::Borrowed(""),
        },
    ]),
};

impl Genre {
    /// All values, in declared order.
    pub const ALL: [Self; 3] = [Self::Rock, Self::Jazz, Self::Folk];

    /// The text that stands for this value in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rock => "rock",
            Self::Jazz => "jazz",
            Self::Folk => "folk",
        }
    }
}

impl rt::Enum for Genre {
    const ENUM: &'static rt::schema::Enum = &ENUM;

    fn as_str(self) -> &'static str {
        self.as_str()
    }

    fn from_text(text: &str) -> Option<Self> {
        match text {
            "rock" => Some(Self::Rock),
            "jazz" => Some(Self::Jazz),
            "folk" => Some(Self::Folk),
            _ => None,
        }
    }
}

impl std::fmt::Display for Genre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Genre {
    type Err = rt::Error;

    fn from_str(text: &str) -> rt::Result<Self> {
        rt::enum_from_str(text)
    }
}
