//! A shop: customers order products, whose prices change from day to day. Its schema has a history; `migrations` holds all of it, and
//! `cargo piccolo --config schema-examples/shop/piccolo.toml check` proves it.
//!
//! ```sh
//! cargo run -p shop                                       # on shop.sqlite in the working folder
//! DATABASE_URL=postgres:///shop cargo run -p shop         # on Postgres, with the same output
//! ```

use std::process::ExitCode;

use chrono::NaiveDate;
use piccolo_runtime::{Engine, Result};
use rust_decimal::Decimal;
use tables::{Customer, Department, Item, MIGRATIONS, Order, OrderStatus, Price, Product, Refund};

piccolo_runtime::include_tables!(pub mod tables);

#[tokio::main]
async fn main() -> ExitCode {
    let url = std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite://shop.sqlite".to_owned());
    match run(&url).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Brings the database up to date, fills it anew, and asks it a few questions.
async fn run(url: &str) -> Result<()> {
    let db = Engine::connect(url).await?;
    let verified = {
        MIGRATIONS.forwards(&db).await?;
        MIGRATIONS.verify(&db).await?
    };
    println!("{verified}");
    fill(&db).await?;

    println!("\nOpen orders");
    let open = Order::select((Order.customer.full_name, Order.customer.email))
        .where_(Order.status.eq(OrderStatus::Open))
        .order_by(Order.id)
        .run(&db)
        .await?;
    for (name, email) in open {
        println!("  {name} <{email}>");
    }

    println!("\nWhat was ordered, and in which department it is");
    let items = Item::select((Item.product.title, Item.product.department.name, Item.quantity))
        .order_by((Item.order, Item.line))
        .run(&db)
        .await?;
    for (title, department, quantity) in items {
        println!("  {quantity} x {title} ({})", department.unwrap_or_else(|| "nowhere".to_owned()));
    }

    println!("\nPrices, the newest first");
    let prices =
        Price::select((Price.product.sku, Price.valid_from, Price.amount)).order_by(Price.valid_from.desc()).run(&db);
    for (sku, from, amount) in prices.await? {
        println!("  {sku}: {amount} from {from}");
    }

    let refunded = Refund::select((Refund.reason, Refund.amount)).run(&db).await?;
    println!("\nRefunds: {refunded:?}");
    db.close().await;
    Ok(())
}

/// Why the keys that an insert gives back can be taken apart.
const ONE_EACH: &str = "an insert gives back the keys of its rows, in their order";

/// Takes out whatever is there and puts the example in, all or nothing.
async fn fill(db: &Engine) -> Result<()> {
    let tx = db.begin().await?;
    Refund::delete().force().run(&tx).await?;
    Item::delete().force().run(&tx).await?;
    Order::delete().force().run(&tx).await?;
    Price::delete().force().run(&tx).await?;
    Product::delete().force().run(&tx).await?;
    Department::delete().force().run(&tx).await?;
    Customer::delete().force().run(&tx).await?;

    let [kitchen] = Department::insert([Department::new("Kitchen and table")]).run(&tx).await?[..] else {
        unreachable!("{ONE_EACH}")
    };
    let [tea_shelf] = Department::insert([Department::new("Tea and coffee").parent(kitchen)]).run(&tx).await?[..]
    else {
        unreachable!("{ONE_EACH}")
    };
    let products = [
        Product::new("Green tea", "TEA-1").department(tea_shelf),
        Product::new("Tea pot", "POT-1").department(kitchen),
    ];
    let [tea, pot] = Product::insert(products).run(&tx).await?[..] else { unreachable!("{ONE_EACH}") };
    Price::insert([
        Price::new(tea, day(1), Decimal::new(450, 2)),
        Price::new(tea, day(15), Decimal::new(475, 2)),
        Price::new(pot, day(3), Decimal::new(3900, 2)),
    ])
    .run(&tx)
    .await?;
    let customers =
        [Customer::new("Ada Lovelace", "ada@example.org"), Customer::new("Grace Hopper", "grace@example.org")];
    let [ada, grace] = Customer::insert(customers).run(&tx).await?[..] else { unreachable!("{ONE_EACH}") };
    let orders = [Order::new(ada).status(OrderStatus::Shipped), Order::new(grace)];
    let [first, second] = Order::insert(orders).run(&tx).await?[..] else { unreachable!("{ONE_EACH}") };
    Item::insert([Item::new(first, 1, tea).quantity(3), Item::new(first, 2, pot), Item::new(second, 1, tea)])
        .run(&tx)
        .await?;
    Refund::insert([Refund::new(first, 2, Decimal::new(3900, 2)).reason("the spout leaks")]).run(&tx).await?;
    tx.commit().await
}

/// A day of January 2027.
fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 1, number).unwrap_or_default()
}
