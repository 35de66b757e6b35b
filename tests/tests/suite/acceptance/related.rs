//! Rows that belong to rows: rows B32 to B34. That a row without a key has no relations is the compiler's word: it is a `NewBand`.

use piccolo_tests::on_both;

use crate::fixture::tables::{Band, Concert, Entry, Manager, Node};
use crate::fixture::{band, connect, d3_and_concert, d3_and_lone};

#[test]
fn b32_keys_of_a_row_are_followed() {
    on_both(async |db| {
        let engine = d3_and_concert(db).await;
        let manager = band(&engine, "Pythonistas").await.get_related(Band.manager).run(&engine).await.unwrap();
        assert_eq!(manager.unwrap().name, "Guido");
        let concert = Concert::get(1).run(&engine).await.unwrap();
        assert_eq!(concert.get_related(Concert.band_2).run(&engine).await.unwrap().name, "Rustaceans");
        let guido = concert.get_related(Concert.band_1.manager).run(&engine).await.unwrap();
        assert_eq!(guido.unwrap().name, "Guido");
        assert_eq!(band(&engine, "Lone").await.get_related(Band.manager).run(&engine).await.unwrap(), None);
    });
}

#[test]
fn b33_the_row_at_the_end_of_a_key_comes_along() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        let bands = Band::objects().order_by(Band.id).prefetch(Band.manager).run(&engine).await.unwrap();
        assert_eq!(bands[0].related, Some(Manager { id: 1, name: "Guido".to_owned() }));
        assert_eq!((bands[0].popularity, bands[0].manager), (1000, Some(1)));
        assert_eq!((bands[3].name.as_str(), &bands[3].related), ("Lone", &None));
    });
}

#[test]
fn b34_the_deepest_path_brings_the_rows_on_the_way_and_leaves_siblings() {
    on_both(async |db| {
        let engine = d3_and_concert(db).await;
        Entry::create_table().run(&engine).await.unwrap();
        Entry::insert([Entry::new("A1", 1)]).run(&engine).await.unwrap();
        let entries = Entry::objects().prefetch(Entry.concert.band_1.manager).run(&engine).await.unwrap();
        let concert = &entries[0].related;
        let band = &concert.related;
        assert_eq!((concert.id, concert.band_1, concert.band_2), (1, 1, 2));
        assert_eq!((band.name.as_str(), band.popularity), ("Pythonistas", 1000));
        assert_eq!(band.related.as_ref().unwrap().name, "Guido");
    });
}

#[test]
fn several_paths_come_along_at_once() {
    on_both(async |db| {
        let engine = d3_and_concert(db).await;
        Concert::insert([Concert::new(4, 1)]).run(&engine).await.unwrap();
        let query = Concert::objects().order_by(Concert.id).prefetch((Concert.band_1.manager, Concert.band_2));
        let both = query.run(&engine).await.unwrap();
        let (first, second) = &both[0].related;
        assert_eq!(first.related.as_ref().unwrap().name, "Guido");
        assert_eq!(second.name, "Rustaceans");
        assert_eq!(both[1].related.0.related, None);
    });
}

#[test]
fn the_way_back_goes_by_the_name_that_its_key_gives_it() {
    on_both(async |db| {
        let engine = d3_and_concert(db).await;
        Band::insert([Band::new("Cythonistas").manager(1)]).run(&engine).await.unwrap();
        let managers =
            Manager::objects().order_by(Manager.id.desc()).prefetch(Manager.bands).run(&engine).await.unwrap();
        let names: Vec<Vec<&str>> =
            managers.iter().map(|manager| manager.related.iter().map(|band| band.name.as_str()).collect()).collect();
        assert_eq!(names, [vec!["CSharps"], vec!["Rustaceans"], vec!["Pythonistas", "Cythonistas"]]);
        // It is the same way as the one that begins at the key.
        let same = Manager::objects().order_by(Manager.id.desc()).prefetch(Band.manager.reverse()).run(&engine).await;
        assert_eq!(same.unwrap(), managers);

        let deep = Manager::objects()
            .where_(Manager.name.eq("Guido"))
            .prefetch(Manager.bands.prefetch((Concert.band_2.reverse(), Concert.band_1.reverse())))
            .first()
            .run(&engine)
            .await
            .unwrap()
            .unwrap();
        let (second, first) = &deep.related[0].related;
        assert_eq!((first.len(), second.len()), (1, 0));
    });
}

#[test]
fn a_table_finds_its_children_in_itself() {
    on_both(async |db| {
        let engine = connect(db).await;
        Node::create_table().run(&engine).await.unwrap();
        let root = Node::insert([Node::new("root")]).run(&engine).await.unwrap()[0];
        Node::insert(["a", "b"].map(|name| Node::new(name).parent(root))).run(&engine).await.unwrap();
        let nodes = Node::objects().order_by(Node.id).prefetch(Node.children).run(&engine).await.unwrap();
        let counts: Vec<usize> = nodes.iter().map(|node| node.related.len()).collect();
        assert_eq!(counts, [2, 0, 0]);
    });
}
