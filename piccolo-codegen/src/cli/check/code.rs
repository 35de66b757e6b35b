//! What `check` can find, each with a code that never changes its meaning and a page that explains it.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) enum Level {
    /// Worth knowing.
    Note,
    /// Worth mending; the check passes.
    Warning,
    /// The check fails.
    Error,
}

impl Level {
    /// The level as reports write it.
    pub(in crate::cli) fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Declares the codes: their variants, texts, levels and pages.
macro_rules! codes {
    ($($name:ident $code:literal $level:ident $rule:literal $why:literal $remedy:literal)*) => {
        /// Which finding it is.
        #[expect(clippy::enum_variant_names, reason = "a finding is named after what is wrong, whatever the enum is called")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(in crate::cli) enum Code { $(#[doc = $rule] $name,)* }

        impl Code {
            /// Every code, in order.
            pub(in crate::cli) const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as printed, such as `M0101`.
            pub(in crate::cli) fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How bad it is, unless the place where it is found says otherwise.
            pub(in crate::cli) fn level(self) -> Level {
                match self { $(Self::$name => Level::$level,)* }
            }

            /// The rule that was broken, in a sentence.
            pub(in crate::cli) fn rule(self) -> &'static str {
                match self { $(Self::$name => $rule,)* }
            }

            /// Why the rule stands.
            pub(in crate::cli) fn why(self) -> &'static str {
                match self { $(Self::$name => $why,)* }
            }

            /// What to do.
            pub(in crate::cli) fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy,)* }
            }
        }
    };
}

codes! {
    // The folder of migrations.
    MissingFile "M0101" Error
        "A migration's folder holds its migration.toml, and an up and a down file for each engine that `engines` names."
        "A migration with a file missing cannot be run, and what it was meant to do is not known."
        "Bring the file back, for instance from version control. A file that is to do nothing says so in a comment."
    UnreadableManifest "M0102" Error
        "A migration.toml is TOML with the keys that Piccolo writes."
        "It says what the migration builds on; without it no order can be found."
        "Correct the line that is named, or bring the file back from version control."
    UntrueManifest "M0103" Error
        "A migration.toml says what is true: the engines that there are scripts for, each parent once, decisions that can be read."
        "Piccolo believes it when it orders migrations and when it plans one anew."
        "Correct the key that is named."
    UnreadableScript "M0104" Error
        "A script is a list of steps, and every statement ends with a semicolon."
        "A file that was cut off, or that holds a directive nobody knows, would do something else than it was written for."
        "Correct the line that is named, or bring the file back from version control."
    StrangeFile "M0105" Warning
        "The folder of migrations holds migrations and the snapshot, and a migration's folder its own files."
        "What is not read is easily taken for something that runs: `up.postgresql.sql` for instance, which is not a script's name."
        "Move the file elsewhere, or give it the name that was meant."
    Leftover "M0106" Warning
        "A hidden folder that ends with `.tmp` is what an interrupted `diff` left behind."
        "It was never a migration: a migration's folder gets its name when it is complete."
        "Remove it, and run `piccolo-codegen diff` again."
    OddId "M0107" Warning
        "An id is a UTC second and a slug, such as `2026-11-22T10-44-37_add_members`."
        "Migrations that do not build on each other run in the order of their ids."
        "Rename the folder, and its mention among the `parents` of others, before the migration has run anywhere."
    Order "M0108" Warning
        "A migration's id sorts behind those of its parents."
        "The order in which migrations run is right all the same, because parents decide it; a reader of the folder is misled."
        "Nothing needs to be done where it has run already. Otherwise `piccolo-codegen diff --rebase <id>` gives it a new id."
    MissingParent "M0109" Error
        "Every parent of a migration is there."
        "Without it the migration would run on a schema that it was not written for."
        "Bring the parent's folder back, for instance from version control, or merge the branch that holds it."
    Cycle "M0110" Error
        "Migrations are not each other's parents."
        "None of them could run first."
        "Correct `parents` in their migration.toml; `git log` tells which was written first."
    Copy "M0111" Error
        "No migration is there twice."
        "A folder that was copied under another name would run what has run already."
        "Remove one of the two; where one of them has been applied somewhere, the other."
    MissingEngine "M0112" Error
        "Every migration has scripts for every engine that piccolo.toml names in `engines`."
        "A database of that engine could not be brought up to date."
        "Add up.<engine>.sql and down.<engine>.sql by hand and name the engine in the migration's `engines`, or take it out of piccolo.toml."
    Draft "M0113" Warning
        "A draft is sealed by `diff` before it is committed."
        "A draft is unproven, and neither run nor embedded. In CI it is an error."
        "Run `piccolo-codegen diff`, which proves it, gives it an id and removes the draft."

    // The schema and its snapshot.
    Ahead "M0201" Error
        "The schema is what the newest migration leaves: it equals the snapshot."
        "A program built from a schema that is ahead of its migrations asks for columns that no database has."
        "Run `piccolo-codegen diff`, and commit what it writes."
    MissingSnapshot "M0202" Error
        "Beside the migrations stands the snapshot `schema.piccolo`."
        "The next migration is planned from it."
        "Bring it back from version control, or run `piccolo-codegen diff --resolve`, which writes it anew once replaying all migrations gives the schema."
    BrokenSnapshot "M0203" Error
        "The snapshot can be read: its first line says its format, and the rest is a schema."
        "The next migration is planned from it."
        "Bring it back from version control, or run `piccolo-codegen diff --resolve`."
    Conflict "M0204" Error
        "git's conflict markers are gone before anything is committed."
        "git could not merge the snapshots of two branches by itself."
        "Merge schema.piccolo first, then run `piccolo-codegen diff --resolve`."
    EditedSnapshot "M0205" Error
        "The snapshot is as Piccolo prints it, to the byte."
        "It was edited by hand, or merged into something that nobody prints; reviewers and git compare it line by line."
        "Run `piccolo-codegen diff --resolve`, which writes it anew once replaying all migrations gives the schema."
    StaleHint "M0206" Note
        "A `was` is removed once its migration is written."
        "It does no harm. It only says something that is no longer news."
        "Remove it from the schema."
    SchemaWarning "M0207" Warning
        "The schema has no warnings."
        "The schema means something, but perhaps not what its author thinks."
        "`piccolo-codegen check --explain <code>` explains the code of the warning itself."
    DecisionNeeded "M0208" Error
        "What `diff` would have to ask is decided."
        "The schema is ahead of its migrations, and the way there loses data or could be a rename. With nothing else to find, the exit status is 3."
        "Run `piccolo-codegen diff` with the flags that the finding lists."
    IdleHint "M0209" Warning
        "Every `was` in the schema decides a rename, or did."
        "One that names nothing in the snapshot is mistyped, and what it was meant for is planned without it. Two that give each other's names away could have been applied already, and decide nothing."
        "Correct the old name, or remove the `was`; `piccolo-codegen diff --rename a=b --rename b=a` decides a swap."

    // Generated code.
    StaleCode "M0301" Error
        "Generated modules that are checked in are those that the schema gives."
        "The program would be built for another schema than its migrations."
        "Run `piccolo-codegen generate --out <folder>`, and commit what it writes."

    // Against what was committed before.
    Edited "M0401" Error
        "A migration that others may have applied is not edited."
        "A database that has run the old text will never run the new one, and the two differ from then on. Comments and line ends may change."
        "Bring the file back as it was (`git checkout <base> -- <folder>`), and put the change into a new migration."
    Removed "M0402" Error
        "A migration that others may have applied is not removed."
        "Databases that have run it are then ahead of every program, and new databases lack what it did."
        "Bring the folder back (`git checkout <base> -- <folder>`), and undo what it did in a new migration."
    MovedParents "M0403" Error
        "The parents of a migration that others may have applied stay as they are."
        "They decide the order in which a new database runs everything."
        "Bring migration.toml back as it was."
    NoBase "M0404" Warning
        "What a branch changes is compared with the commit that it will be merged into."
        "Without that commit it cannot be told whether migrations were edited."
        "Fetch it: `fetch-depth: 0` for GitHub's checkout action. Or name it with `--base`."

    // Replaying.
    Fails "M0501" Error
        "Every migration runs on a database that has run those before it."
        "Nobody could bring a new database up to date."
        "Correct the statement while nobody has applied the migration; otherwise the migration that made it fail."
    SnapshotDiffers "M0502" Error
        "Replaying every migration on an empty database gives what creating the snapshot gives."
        "What runs in production would not be what the program and the next migration are made for. git merges two branches without a conflict into exactly this."
        "The finding lists the differences. Where a branch was merged, `piccolo-codegen diff --rebase <id>` plans a migration anew on top of the others."
    DownFails "M0503" Error
        "Every migration can be undone."
        "The way back is needed in a hurry, and has to work then."
        "Correct the down file; how a migration is undone may be changed at any time."
    DownDiffers "M0504" Error
        "Undoing a migration leaves the schema as it was before."
        "What is left over makes the next attempt fail, or stays unnoticed."
        "The finding lists the differences. Correct the down file."
    UpAgainFails "M0505" Error
        "A migration that was undone can run again, and gives the same."
        "A deployment that was rolled back is tried again."
        "The finding lists what went wrong. Correct the down file, which leaves something behind."
    Siblings "M0506" Error
        "Migrations of which neither builds on the other give the same in both orders."
        "One database runs them in the order in which branches were merged, another in the order of their ids."
        "Plan one of the two anew on top of the other: `piccolo-codegen diff --rebase <id>`, as long as it has not been applied."
    NotProven "M0507" Warning
        "Every migration was proven on every engine when it was written."
        "Its header says `not proven`: there was no database to prove it on, or the proof was skipped. In CI this is an error."
        "Where a Postgres server or its programs are found (`scratch_url` in piccolo.toml), `piccolo-codegen diff --rebase <id>` plans it anew and proves it, as long as it has not been applied."
    Unreachable "M0508" Warning
        "Migrations are replayed on every engine in `engines`."
        "There was no scratch database of the engine, so nothing is known about its scripts. In CI this is an error."
        "Install PostgreSQL's programs, or name a server with `scratch_url` under `[database]` in piccolo.toml."

    // What reviewers should see.
    Risk "M0601" Note
        "What rows could refuse, and what was consented to, is listed."
        "Nothing is wrong. A reviewer should have seen it."
        "Nothing; or another migration, if the risk is too great."
    Loss "M0602" Note
        "What undoing a migration cannot bring back is listed."
        "Nothing is wrong. A reviewer should have seen it."
        "Nothing; a backup before the deployment helps."

    // A database.
    Problem "M0701" Error
        "The database and the migrations fit together."
        "An applied migration was edited, or the database has migrations that are not among these, or one was left half finished."
        "The finding says which. `piccolo-codegen repair` mends the journal where the journal is what is wrong."
    Drift "M0702" Warning
        "The database is as the last migration left it."
        "It was changed by hand since. Migrations may fail on it, or undo the change."
        "Put the change into a migration, or take it back by hand."
    Unsaid "M0703" Note
        "Objects that the schema language cannot say are listed."
        "Views, triggers, extensions and the like are left alone, and kept when a table is rebuilt; nothing else knows of them."
        "Nothing. Create them in a migration written by hand (`piccolo-codegen migration new`), so that every database has them."
    Pending "M0704" Note
        "Migrations that the database has not run are listed."
        "Nothing is wrong."
        "`piccolo-codegen migration forwards` applies them."
    OffSnapshot "M0705" Warning
        "A database that has run all migrations holds what the snapshot says."
        "The journal knows what was recorded, not what is there: a migration that was recorded with `--fake` although nobody had done its work, or a change by hand that a later migration covered, leaves a database that neither the program nor the next migration is made for. Where there is no scratch database to compare with, a note says so."
        "The finding says what differs. Do by hand what is missing, as the migration's script says it, or put the difference into a migration."
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
