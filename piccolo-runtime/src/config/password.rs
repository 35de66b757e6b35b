//! Urls as people and logs may see them.

/// A url for people: without its password.
#[must_use]
pub fn without_password(url: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(address, rest)| (address, Some(rest)));
    let mut shown = match address.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (user, host))) => {
            let user = user.split_once(':').map_or_else(|| user.to_owned(), |(user, _)| format!("{user}:***"));
            format!("{scheme}://{user}@{host}")
        }
        None => address.to_owned(),
    };
    if let Some(parameters) = parameters {
        let hidden: Vec<&str> =
            parameters.split('&').map(|one| if one.starts_with("password=") { "password=***" } else { one }).collect();
        shown.push('?');
        shown.push_str(&hidden.join("&"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("postgres://bob:se@cret@host:5432/db?sslmode=require", "postgres://bob:***@host:5432/db?sslmode=require"),
            ("postgres:///db?user=bob&password=secret&host=/run", "postgres:///db?user=bob&password=***&host=/run"),
            ("postgres://bob@host/db", "postgres://bob@host/db"),
            ("sqlite://bands.sqlite", "sqlite://bands.sqlite"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
