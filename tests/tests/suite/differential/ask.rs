//! Random queries over a world, of the shapes that typed builders give.

use piccolo_runtime::Value;
use piccolo_runtime::query::tree::{
    Aggregate, Arithmetic, Comparison, Distinct, Expr, Function, Item, Nulls, Order, Select,
};
use piccolo_runtime::schema::ColumnType;

use super::draw::Draw;
use super::values::{Class, PATTERNS};
use super::world::{Seen, World};

const OPERATORS: [Comparison; 6] =
    [Comparison::Eq, Comparison::Ne, Comparison::Lt, Comparison::Lte, Comparison::Gt, Comparison::Gte];

/// What queries are drawn with.
pub(super) struct Ask<'w, 'c> {
    world: &'w World,
    draw: Draw<'c>,
    /// The queries around the place that is being drawn, the innermost last: what each can see.
    scopes: Vec<Vec<Seen>>,
}

/// An aggregate, and what it may be compared with.
struct Gathered {
    expr: Expr,
    class: Class,
    /// Whether both engines compute it to the last bit, so that it may be compared.
    exact: bool,
}

impl<'w, 'c> Ask<'w, 'c> {
    pub(super) fn new(world: &'w World, choices: &'c [u16]) -> Self {
        Self { world, draw: Draw::new(choices), scopes: Vec::new() }
    }

    /// A select of any kind from any table.
    pub(super) fn select(&mut self) -> Select {
        let mut select = self.begin();
        let order = self.draw.below(3);
        match self.draw.below(5) {
            0..=2 => self.plain(&mut select, order),
            3 => self.grouped(&mut select, order),
            _ => self.distinct(&mut select, order),
        }
        if !select.order_by.is_empty() {
            if self.draw.once_in(3) {
                select.limit = Some(self.draw.below(5) as u64);
            }
            if self.draw.once_in(3) {
                select.offset = Some(self.draw.below(4) as u64);
            }
        }
        if self.draw.below(3) > 0 {
            let depth = 1 + self.draw.below(3);
            select.filter(self.predicate(depth));
        }
        self.scopes.pop();
        select
    }

    /// A condition on a table, and the select of the keys of its rows without it.
    pub(super) fn condition(&mut self) -> (Select, Expr) {
        let mut select = self.begin();
        select.items = vec![item(0, Expr::column(0))];
        let depth = 1 + self.draw.below(4);
        let condition = self.predicate(depth);
        self.scopes.pop();
        (select, condition)
    }

    fn begin(&mut self) -> Select {
        let table = self.draw.below(self.world.tables.len());
        self.scopes.push(self.world.seen(table));
        Select::from(self.world.tables[table].meta)
    }

    /// The key and other expressions, in a total order if in any.
    fn plain(&mut self, select: &mut Select, order: usize) {
        select.items.push(item(0, Expr::column(0)));
        for number in 0..self.draw.below(4) {
            let class = self.class();
            let depth = self.draw.below(3);
            let expr = self.receiver(class, depth);
            select.items.push(item(number + 1, expr));
        }
        if order > 0 {
            for _ in 0..order {
                let class = self.sorting_class();
                let expr = self.receiver(class, order - 1);
                let order = self.order(expr);
                select.order_by.push(order);
            }
            let order = self.order(Expr::column(0));
            select.order_by.push(order);
        }
    }

    /// Different rows of expressions.
    fn distinct(&mut self, select: &mut Select, order: usize) {
        select.distinct = Distinct::Rows;
        for number in 0..=self.draw.below(3) {
            let class = if order > 0 { self.sorting_class() } else { self.class() };
            let depth = self.draw.below(2);
            let expr = self.receiver(class, depth);
            select.items.push(item(number, expr));
        }
        if order > 0 {
            let first = self.draw.below(select.items.len());
            let mut exprs: Vec<Expr> = select.items.iter().map(|item| item.expr.clone()).collect();
            exprs.rotate_left(first);
            select.order_by = exprs.into_iter().map(|expr| self.order(expr)).collect();
        }
    }

    /// Groups, or one group of all rows.
    fn grouped(&mut self, select: &mut Select, order: usize) {
        for _ in 0..self.draw.below(3) {
            let class = if order > 0 { self.sorting_class() } else { self.class() };
            let depth = usize::from(self.draw.once_in(3));
            let expr = self.receiver(class, depth);
            select.group_by.push(expr);
        }
        select.items.extend(select.group_by.iter().cloned().enumerate().map(|(number, expr)| item(number, expr)));
        for _ in 0..=self.draw.below(3) {
            let gathered = self.aggregate();
            select.items.push(item(select.items.len(), gathered.expr));
        }
        if self.draw.once_in(3) {
            select.having = Some(self.having(2, &select.group_by.clone()));
        }
        if order > 0 {
            for _ in 0..self.draw.below(2) {
                let gathered = self.aggregate();
                if gathered.exact && gathered.class.sorts() {
                    let order = self.order(gathered.expr);
                    select.order_by.push(order);
                }
            }
            for expr in select.group_by.clone() {
                let order = self.order(expr);
                select.order_by.push(order);
            }
        }
    }

    fn aggregate(&mut self) -> Gathered {
        let of = |function, of, distinct| Expr::Aggregate { function, of, distinct };
        match self.draw.below(6) {
            0 => Gathered { expr: of(Aggregate::Count, Vec::new(), false), class: Class::BigInt, exact: true },
            1 => {
                let class = self.class();
                let expr = self.receiver(class, 1);
                Gathered { expr: of(Aggregate::Count, vec![expr], false), class: Class::BigInt, exact: true }
            }
            2 => {
                let several = (0..=self.draw.below(3))
                    .map(|_| {
                        let class = self.class();
                        self.receiver(class, 0)
                    })
                    .collect();
                Gathered { expr: of(Aggregate::Count, several, true), class: Class::BigInt, exact: true }
            }
            3 => {
                let class = self.class_that(Class::has_extremes);
                let expr = self.receiver(class, 1);
                let function = *self.draw.one_of(&[Aggregate::Min, Aggregate::Max]);
                Gathered { expr: of(function, vec![expr], false), class, exact: true }
            }
            4 => {
                let class = self.class_that(|class| class.is_number() || class == Class::Interval);
                let expr = of(Aggregate::Sum, vec![self.receiver(class, 1)], false);
                let class = match class {
                    class if class.is_whole() => Class::BigInt,
                    Class::Real => Class::Double,
                    class => class,
                };
                Gathered { expr, class, exact: class != Class::Double }
            }
            _ => {
                let class = self.class_that(Class::is_number);
                let expr = of(Aggregate::Avg, vec![self.receiver(class, 1)], false);
                let exact = matches!(class, Class::Integer | Class::SmallInt);
                Gathered { expr, class: Class::Double, exact }
            }
        }
    }

    /// A condition on groups.
    fn having(&mut self, depth: usize, grouped: &[Expr]) -> Expr {
        match self.draw.below(if depth > 0 { 5 } else { 2 }) {
            0 | 1 => loop {
                let gathered = self.aggregate();
                if gathered.exact {
                    let operators = if gathered.class.sorts() { &OPERATORS[..] } else { &OPERATORS[..2] };
                    let operator = *self.draw.one_of(operators);
                    break gathered.expr.compare(operator, Expr::Value(self.value(gathered.class)));
                }
                if self.draw.below(2) == 0 {
                    break match grouped.first() {
                        Some(expr) => Expr::IsNull(Box::new(expr.clone())),
                        None => Expr::IsNotNull(Box::new(gathered.expr)),
                    };
                }
            },
            2 => self.having(depth - 1, grouped).and(self.having(depth - 1, grouped)),
            3 => self.having(depth - 1, grouped).or(self.having(depth - 1, grouped)),
            _ => Expr::Not(Box::new(self.having(depth - 1, grouped))),
        }
    }

    /// A condition.
    fn predicate(&mut self, depth: usize) -> Expr {
        let leaves = 7;
        match self.draw.below(if depth > 0 { leaves + 9 } else { leaves }) {
            0..=2 => {
                let class = self.class();
                let receiver = self.receiver(class, depth.min(2));
                self.compared(receiver, class, depth.min(2))
            }
            3 => {
                let class = self.class();
                let expr = Box::new(self.receiver(class, depth.min(1)));
                if self.draw.once_in(2) { Expr::IsNotNull(expr) } else { Expr::IsNull(expr) }
            }
            4 => {
                let class = self.class();
                let expr = Box::new(self.receiver(class, depth.min(1)));
                let values = class.values();
                let mut list: Vec<Value> = (0..self.draw.below(5)).map(|_| self.draw.one_of(&values).clone()).collect();
                if self.draw.once_in(3) {
                    list.push(Value::Null);
                }
                Expr::In { expr, list, negated: self.draw.once_in(2) }
            }
            5 => Expr::Like {
                expr: Box::new(self.receiver(Class::Text, depth.min(1))),
                pattern: (*self.draw.one_of(&PATTERNS)).to_owned(),
                insensitive: false,
                negated: self.draw.once_in(2),
            },
            6 => {
                let ascii: Vec<&str> = PATTERNS.into_iter().filter(|pattern| pattern.is_ascii()).collect();
                Expr::Like {
                    expr: Box::new(self.receiver(Class::Text, depth.min(1))),
                    pattern: (*self.draw.one_of(&ascii)).to_owned(),
                    insensitive: true,
                    negated: self.draw.once_in(2),
                }
            }
            7 | 8 => self.predicate(depth - 1).and(self.predicate(depth - 1)),
            9 | 10 => self.predicate(depth - 1).or(self.predicate(depth - 1)),
            11 => Expr::Not(Box::new(self.predicate(depth - 1))),
            12 => Expr::IsNull(Box::new(self.predicate(depth - 1))),
            13 => self.receiver(Class::Boolean, depth - 1),
            14 if self.scopes.len() < 3 => self.in_select(depth - 1),
            15 if self.scopes.len() < 3 => self.exists(depth - 1),
            _ => match self.draw.below(2) {
                0 => Expr::And(Vec::new()),
                _ => Expr::Or(Vec::new()),
            },
        }
    }

    /// A comparison of an expression with something of its class.
    fn compared(&mut self, receiver: Expr, class: Class, depth: usize) -> Expr {
        let operators = if class.sorts() { &OPERATORS[..] } else { &OPERATORS[..2] };
        let operator = *self.draw.one_of(operators);
        let operand = self.operand(class, depth);
        receiver.compare(operator, operand)
    }

    fn in_select(&mut self, depth: usize) -> Expr {
        let class = self.class();
        let expr = Box::new(self.receiver(class, depth.min(1)));
        let mut select = self.begin();
        let selected = self.receiver(class, depth.min(1));
        select.items.push(item(0, selected));
        if self.draw.once_in(2) {
            select.filter(self.predicate(depth));
        }
        self.scopes.pop();
        Expr::InSelect { expr, select: Box::new(select), negated: self.draw.once_in(2) }
    }

    fn exists(&mut self, depth: usize) -> Expr {
        let mut select = self.begin();
        if !self.draw.once_in(4) {
            select.filter(self.predicate(depth));
        }
        self.scopes.pop();
        Expr::Exists(Box::new(select))
    }

    /// The one value of a sub-select of this class.
    fn scalar(&mut self, class: Class, depth: usize) -> Expr {
        let mut select = self.begin();
        let selected = self.receiver(class, depth.min(1));
        select.items.push(item(0, selected));
        if self.draw.once_in(2) {
            select.filter(self.predicate(depth));
        }
        let order = self.order(Expr::column(0));
        select.order_by.push(order);
        select.limit = Some(1);
        self.scopes.pop();
        Expr::Scalar(Box::new(select))
    }

    /// What may stand on the right of an operator: a plain value, a null, or what may stand on the left.
    fn operand(&mut self, class: Class, depth: usize) -> Expr {
        match self.draw.below(6) {
            0..=2 => Expr::Value(self.value(class)),
            3 if self.draw.once_in(3) => Expr::Value(Value::Null),
            4 if self.scopes.len() < 3 && depth > 0 => self.scalar(class, depth - 1),
            _ => self.receiver(class, depth),
        }
    }

    /// What may stand on the left of an operator: a column, a value whose type is named, or something computed.
    fn receiver(&mut self, class: Class, depth: usize) -> Expr {
        if depth == 0 || self.draw.below(3) < 2 {
            return match self.column(class) {
                Some(column) => column,
                None => self.typed(class),
            };
        }
        match self.draw.below(5) {
            0 | 1 => self.computed(class, depth - 1),
            2 => {
                let arguments = vec![self.receiver(class, depth - 1), self.operand(class, depth - 1)];
                Expr::Call(Function::Coalesce, arguments)
            }
            3 => {
                let arms = (0..=self.draw.below(2))
                    .map(|_| (self.predicate(depth - 1), self.alternative(class, depth - 1)))
                    .collect();
                let otherwise = self.draw.once_in(2).then(|| Box::new(self.alternative(class, depth - 1)));
                Expr::Case { arms, otherwise }
            }
            _ => self.typed(class),
        }
    }

    /// Something that an operator or a function of this class makes.
    fn computed(&mut self, class: Class, depth: usize) -> Expr {
        if class == Class::Text {
            let text = self.receiver(class, depth);
            return match self.draw.below(4) {
                0 => Expr::Concat(Box::new(text), Box::new(self.operand(class, depth))),
                // A plain text may stand on the left of a plus.
                1 => Expr::Concat(Box::new(Expr::Value(self.value(class))), Box::new(text)),
                2 => Expr::Call(Function::Lower, vec![text]),
                _ => Expr::Call(Function::Upper, vec![text]),
            };
        }
        if class == Class::Integer && self.draw.once_in(6) {
            return Expr::Call(Function::Length, vec![self.receiver(Class::Text, depth)]);
        }
        if class.is_moment() {
            let expr = Box::new(self.receiver(class, depth));
            let by = Box::new(self.operand(Class::Interval, depth));
            return Expr::Shift { expr, by, negative: self.draw.once_in(2) };
        }
        if !class.is_number() && class != Class::Interval {
            return self.receiver(class, depth);
        }
        use Arithmetic::{Add, Divide, Multiply, Remainder, Subtract};
        let operators: &[Arithmetic] = match class {
            Class::Interval => &[Add, Subtract],
            class if class.is_whole() => &[Add, Subtract, Multiply, Divide, Remainder],
            _ => &[Add, Subtract, Multiply, Divide],
        };
        // Postgres computes what is constant before it looks at a row, and may leave the range of the type where no row would.
        let Some(mut expr) = self.column(class) else { return self.typed(class) };
        if class.is_number() && self.draw.once_in(6) {
            expr = Expr::Call(Function::Abs, vec![expr]);
        }
        for _ in 0..=self.draw.below(2) {
            let operator = *self.draw.one_of(operators);
            let right = self.operand(class, depth);
            expr = Expr::Arithmetic(operator, Box::new(expr), Box::new(right));
        }
        expr
    }

    /// A value of a `CASE`: as an operand, but nulls and enums name their type.
    fn alternative(&mut self, class: Class, depth: usize) -> Expr {
        match self.operand(class, depth) {
            Expr::Value(value @ (Value::Null | Value::Enum(_))) => named(value, class),
            expr => expr,
        }
    }

    /// A value whose type is named.
    fn typed(&mut self, class: Class) -> Expr {
        let value = self.value(class);
        named(value, class)
    }

    fn value(&mut self, class: Class) -> Value {
        self.draw.one_of(&class.values()).clone()
    }

    /// A column of this class that can be seen from here; now and then of a query further out.
    fn column(&mut self, class: Class) -> Option<Expr> {
        let further = self.scopes.len() - 1;
        let outer = if further > 0 && self.draw.once_in(3) { 1 + self.draw.below(further) } else { 0 };
        let columns: Vec<&Seen> = self.scopes[further - outer].iter().filter(|seen| seen.class == class).collect();
        if columns.is_empty() {
            return None;
        }
        Some(Expr::Column(self.draw.one_of(&columns).reference(outer as u8)))
    }

    /// Any class; mostly one that a column has.
    fn class(&mut self) -> Class {
        self.class_that(|_| true)
    }

    fn sorting_class(&mut self) -> Class {
        self.class_that(Class::sorts)
    }

    fn class_that(&mut self, wanted: impl Fn(Class) -> bool) -> Class {
        let seen = self.scopes.last().unwrap();
        let mut classes: Vec<Class> = seen.iter().map(|seen| seen.class).filter(|class| wanted(*class)).collect();
        if classes.is_empty() || self.draw.once_in(8) {
            // The values of an enum mean something only where a column of it can be reached.
            let known = |class: &Class| *class != Class::Enum || seen.iter().any(|seen| seen.class == Class::Enum);
            classes = Class::ALL.into_iter().filter(|class| wanted(*class) && known(class)).collect();
        }
        *self.draw.one_of(&classes)
    }

    fn order(&mut self, expr: Expr) -> Order {
        Order {
            expr,
            descending: self.draw.once_in(2),
            nulls: *self.draw.one_of(&[None, Some(Nulls::First), Some(Nulls::Last)]),
        }
    }
}

/// A value that names its type, as far as values of its class can.
fn named(value: Value, class: Class) -> Expr {
    let ty = match (&value, class) {
        (Value::Array(..), _) => return Expr::Value(value),
        (Value::Numeric(number), _) => ColumnType::Numeric { precision: 28, scale: number.scale() as u8 },
        _ => class.types()[0].clone(),
    };
    Expr::Typed(value, ty)
}

fn item(number: usize, expr: Expr) -> Item {
    Item { expr, name: format!("i{number}") }
}
