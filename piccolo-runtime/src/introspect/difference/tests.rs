use super::*;

/// Two small databases as text, and what is said of their differences.
#[track_caller]
fn check(first: &str, second: &str, expected: &[&str]) {
    let parse = |body: &str| Shape::parse(&format!("shape sqlite\n{body}")).unwrap();
    let found = differences(&parse(first), &parse(second));
    let said: Vec<String> = found.iter().map(|difference| difference.describe("A", "B")).collect();
    assert_eq!(said, expected);
    assert_eq!(differences(&parse(second), &parse(first)).len(), found.len(), "the other way round");
    assert!(differences(&parse(first), &parse(first)).is_empty());
}

#[test]
fn the_order_of_columns_and_constraints_is_no_difference() {
    check(
        "  table band\n    column a type=INT\n    column b type=INT\n    check x expression=a\n    check y expression=b\n",
        "  table band\n    column b type=INT\n    column a type=INT\n    check y expression=b\n    check x expression=a\n",
        &[],
    );
}

#[test]
fn a_difference_says_what_and_where() {
    check(
        "  table band strict=yes\n    column name type=TEXT\n    column old type=INT null=yes\n",
        "  table band\n    column name type=INT default=1\n    column new type=INT\n",
        &[
            "table `band`: `strict` is `yes` in A and not set in B",
            "table `band`, column `name`: `type` is `TEXT` in A and `INT` in B",
            "table `band`, column `name`: `default` is not set in A and `1` in B",
            "table `band`, column `old` (type INT; null yes) is only in A",
            "table `band`, column `new` (type INT) is only in B",
        ],
    );
}

#[test]
fn the_order_of_a_keys_columns_and_of_an_indexs_keys_counts() {
    check(
        "  table t\n    primary-key p columns=a,b\n    index i\n      key 1 column=a\n      key 2 column=b\n",
        "  table t\n    primary-key p columns=b,a\n    index i\n      key 1 column=a descending=yes\n",
        &[
            "table `t`, primary key `p`: `columns` is `a, b` in A and `b, a` in B",
            "table `t`, index `i`, key `1`: `descending` is not set in A and `yes` in B",
            "table `t`, index `i`, key `2` (column b) is only in A",
        ],
    );
}

#[test]
fn what_has_no_name_is_known_by_what_it_says() {
    check(
        "  table t\n    check expression=a\n    check expression=b\n    check expression=b\n",
        "  table t\n    check expression=b\n    check expression=c\n",
        &[
            "table `t`, an unnamed check (expression a) is only in A",
            "table `t`, an unnamed check (expression b) is only in A",
            "table `t`, an unnamed check (expression c) is only in B",
        ],
    );
}

#[test]
fn triggers_of_two_tables_may_share_a_name() {
    check(
        "  trigger x table=a definition=one\n  trigger x table=b definition=two\n",
        "  trigger x table=b definition=two\n  trigger x table=a definition=three\n",
        &["trigger `x`: `definition` is `one` in A and `three` in B"],
    );
}

#[test]
fn databases_of_two_engines_are_not_compared_further() {
    let (sqlite, postgres) = (Shape::parse("shape sqlite\n  table a\n"), Shape::parse("shape postgres\n"));
    let found = differences(&sqlite.unwrap(), &postgres.unwrap());
    assert_eq!(found.len(), 1);
    assert!(found[0].to_string().contains("`engine` is `sqlite`"), "{}", found[0]);
}
