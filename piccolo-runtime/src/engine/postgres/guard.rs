//! What keeps a statement from running for longer than somebody waits for it, and what tells a pooler from a server.
//!
//! A session of our own is set up once. Behind a pooler there is no such thing: what one transaction sets is either local to it or lent
//! on to strangers, so each transaction sets it for itself, in the same message that begins it.

use std::time::Duration;

use crate::config::Pooler;

/// The limits of the server's side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard {
    /// How long a statement may take.
    pub(crate) statement: Option<Duration>,
}

impl Guard {
    /// The first statement on a connection. It sets the limits for the session, and gives whether there is a session at all.
    ///
    /// The settings that a client names when it connects are the client's own to a server that it talks to. A pooler connects by itself and
    /// brings them along later, or finds them to be so already.
    pub(crate) fn greeting(self, pooler: Pooler) -> String {
        let (pooled, from) = match pooler {
            Pooler::Detect => ("source <> 'client'", " FROM pg_settings WHERE name = 'TimeZone'"),
            Pooler::None => ("false", ""),
            Pooler::Transaction => ("true", ""),
        };
        format!("SELECT {pooled}, {}{from}", self.settings(pooled))
    }

    /// The message that begins a transaction behind a pooler.
    pub(crate) fn begin(self, begin: &str) -> String {
        format!("{begin}; SELECT {}", self.settings("true"))
    }

    /// Calls that set the limits, for this transaction alone where `local` holds.
    fn settings(self, local: &str) -> String {
        // Lets the server notice within a second that a client has hung up, and stop his statement. Postgres 13 does not know the
        // setting, and then the limit of the statement must do.
        let hung_up = format!(
            "CASE WHEN current_setting('client_connection_check_interval', true) IS NOT NULL \
             THEN set_config('client_connection_check_interval', '1s', {local}) END"
        );
        match self.statement {
            None => hung_up,
            // A limit below a millisecond would be none at all.
            Some(limit) => {
                let milliseconds = limit.as_millis().clamp(1, 2_147_483_647);
                format!("{hung_up}, set_config('statement_timeout', '{milliseconds}', {local})")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_a_pooler_nothing_is_set_for_longer_than_a_transaction() {
        let guard = Guard { statement: Some(Duration::from_micros(2)) };
        assert!(guard.begin("BEGIN").ends_with("set_config('statement_timeout', '1', true)"));
        assert!(!guard.greeting(Pooler::Transaction).contains(", false)"));
        assert!(guard.greeting(Pooler::None).ends_with("set_config('statement_timeout', '1', false)"));
        assert!(!Guard { statement: None }.greeting(Pooler::Detect).contains("statement_timeout"));
    }
}
