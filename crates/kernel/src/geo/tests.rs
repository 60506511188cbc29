//! Fences against hand calculation, properties, and an oracle of another library.

use proptest::prelude::*;

use super::*;

fn at(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

fn square(south: f64, west: f64, side: f64) -> Vec<Point> {
    vec![at(south, west), at(south, west + side), at(south + side, west + side), at(south + side, west)]
}

#[test]
fn a_degree_has_the_length_that_geodesy_gives_it() {
    // WGS 84: a degree of longitude on the equator is 111,319.491 m; from 45° to 46° north it is 111,141.5 m.
    assert!((at(0.0, 10.0).metres_to(at(0.0, 11.0)) - 111_319.491).abs() < 0.01);
    assert!((at(45.0, 7.0).metres_to(at(46.0, 7.0)) - 111_141.5).abs() < 1.0);
    // The short way round the date line.
    assert!((at(0.0, 179.9).metres_to(at(0.0, -179.9)) - 22_263.898).abs() < 0.01);
}

#[test]
fn a_hole_is_outside() {
    let fence: Fence = r#"{"type":"Polygon","coordinates":[
        [[0,0],[10,0],[10,10],[0,10],[0,0]], [[4,4],[6,4],[6,6],[4,6],[4,4]]]}"#
        .parse()
        .unwrap();
    assert!(fence.contains(at(2.0, 2.0)));
    assert!(!fence.contains(at(5.0, 5.0)));
    assert!(!fence.contains(at(11.0, 5.0)));
    // One degree south of the hole's edge, on the way to it from below.
    assert!((fence.metres_to_boundary(at(3.0, 5.0)) - 110_578.0).abs() < 60.0);
}

#[test]
fn parts_are_joined() {
    let fence: Fence = r#"{"type":"MultiPolygon","coordinates":[
        [[[0,0],[1,0],[1,1],[0,1],[0,0]]], [[[5,5],[7,5],[7,7],[5,7],[5,5]]]]}"#
        .parse()
        .unwrap();
    assert!(fence.contains(at(0.5, 0.5)) && fence.contains(at(6.0, 6.0)) && !fence.contains(at(3.0, 3.0)));
    // The middle of the larger part.
    assert!(fence.middle().metres_to(at(6.0, 6.0)) < 1.0);
}

#[test]
fn what_is_no_fence_is_refused_with_a_sentence() {
    let cases = [
        (r#"{"type":"Point","coordinates":[0,0]}"#, "not a GeoJSON polygon"),
        (r#"{"type":"Polygon","coordinates":[]}"#, "at least one ring"),
        (r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1]]]}"#, "at least four positions"),
        (r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#, "its last is its first"),
        (r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[2,0],[0,0]]]}"#, "one line"),
        (r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,91],[0,0]]]}"#, "-90 and 90"),
        (r#"{"type":"Polygon","coordinates":[[[0,0],[1],[1,1],[0,0]]]}"#, "[longitude, latitude]"),
        (r#"{"type":"Polygon","coordinates":[[[-179,0],[179,0],[179,1],[-179,0]]]}"#, "date line"),
        (r#"{"type":"MultiPolygon","coordinates":[]}"#, "no part"),
        (r#"{"type":"Circle","coordinates":[0,0],"radius_m":4}"#, "between 5 and"),
        (r#"{"type":"Circle","coordinates":[0,0],"radius_m":1e999}"#, "not a GeoJSON polygon"),
        ("[[", "not a GeoJSON polygon"),
    ];
    for (text, sentence) in cases {
        let refused = text.parse::<Fence>().unwrap_err();
        assert!(refused.contains(sentence), "{text}: {refused}");
    }
    let ring = "[[0,0],[1,0],[1,1],[0,0]]";
    let rings = vec![ring; 21].join(",");
    let refused = format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#).parse::<Fence>().unwrap_err();
    assert!(refused.contains("at most 20 lines"), "{refused}");
    let many = (0..=5_000).map(|n| at(f64::from(n % 2), f64::from(n) / 100.0)).collect();
    assert!(Fence::corners(many).unwrap_err().contains("at most 5000 corners"));
}

#[test]
fn an_exported_feature_can_be_pasted_as_it_is() {
    let text = r#"{"type":"Feature","properties":{"name":"Yard"},"geometry":
        {"type":"Polygon","coordinates":[[[0,0,12.5],[1,0,12.5],[1,1,12.5],[0,0,12.5]]]}}"#;
    assert_eq!(
        text.parse::<Fence>().unwrap(),
        Fence::corners(vec![at(0.0, 0.0), at(0.0, 1.0), at(1.0, 1.0)]).unwrap()
    );
}

fn places() -> impl Strategy<Value = Point> {
    (-70.0..70.0_f64, -179.0..179.0_f64).prop_map(|(latitude, longitude)| at(latitude, longitude))
}

proptest! {
    #[test]
    fn a_circle_holds_what_is_nearer_than_its_radius(
        center in places(), radius in 5.0..5_000.0_f64, bearing in 0.0..std::f64::consts::TAU, share in 0.0..2.0_f64,
    ) {
        prop_assume!((share - 1.0).abs() > 0.01);
        let (north, east) = scale(center.latitude());
        let away = radius * share;
        let latitude = center.latitude() + away * bearing.cos() / north;
        let longitude = turn(center.longitude() + away * bearing.sin() / east);
        let fence = Fence::circle(center, radius).unwrap();
        let there = at(latitude, longitude);
        prop_assert_eq!(fence.contains(there), share < 1.0);
        // The flat step above and the measure differ by the change of scale along the way.
        prop_assert!((fence.metres_to_boundary(there) - (away - radius).abs()).abs() < 0.005 * away + 0.01);
    }

    #[test]
    fn where_a_ring_begins_and_which_way_it_runs_does_not_matter(
        south in -60.0..60.0_f64, west in -170.0..170.0_f64, side in 0.001..0.1_f64,
        up in -0.5..1.5_f64, along in -0.5..1.5_f64, turned in 0_usize..4,
    ) {
        let near = |share: f64| share.abs() < 1e-6 || (share - 1.0).abs() < 1e-6;
        prop_assume!(!near(up) && !near(along));
        let there = at(south + up * side, west + along * side);
        let inside = (0.0..1.0).contains(&up) && (0.0..1.0).contains(&along);
        let mut corners = square(south, west, side);
        let far = Fence::corners(corners.clone()).unwrap().metres_to_boundary(there);
        corners.rotate_left(turned);
        for _ in 0..2 {
            let fence = Fence::corners(corners.clone()).unwrap();
            prop_assert_eq!(fence.contains(there), inside);
            prop_assert!((fence.metres_to_boundary(there) - far).abs() < 1e-6);
            prop_assert!(fence.contains(fence.middle()));
            corners.reverse();
        }
    }

    #[test]
    fn what_is_written_is_read_back(south in -60.0..60.0_f64, west in -170.0..170.0_f64, side in 0.001..0.1_f64) {
        let outer = square(south, west, side);
        let hole = square(south + side / 4.0, west + side / 4.0, side / 2.0);
        let fence = Fence::Parts(vec![
            Part { outer: Ring::new(outer.clone()).unwrap(), holes: vec![Ring::new(hole).unwrap()] },
            Part { outer: Ring::new(square(south + 2.0, west, side)).unwrap(), holes: Vec::new() },
        ]);
        let again: Fence = fence.to_string().parse().unwrap();
        let Fence::Parts(parts) = &again else { panic!("parts") };
        prop_assert_eq!((parts.len(), parts[0].holes.len(), parts[1].holes.len()), (2, 1, 0));
        for (was, is) in outer.iter().zip(parts[0].outer.corners()) {
            prop_assert!(was.metres_to(*is) < 1e-6);
        }
    }

    #[test]
    fn anything_typed_is_a_place_or_a_sentence(text in ".{0,40}") {
        if let Ok(place) = text.parse::<Point>() {
            prop_assert!(place.latitude().abs() <= 90.0 && place.longitude().abs() <= 180.0);
        }
        let _ = text.parse::<Fence>();
    }
}

/// Real parks of a city, some with holes and parts, against GEOS. The distances of the oracle have two decimals.
#[test]
fn another_library_sees_the_same_parks() {
    let folder = std::env::var("BAILIWICK_DATA").map_or_else(
        |_unset| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        std::path::PathBuf::from,
    );
    let read = |name: &str| std::fs::read_to_string(folder.join("sites-geo").join(name));
    let (Ok(parks), Ok(oracle)) = (read("cambridge_open_space.geojson"), read("open_space_point_oracle.csv"))
    else {
        eprintln!("skipped: no sites-geo data under {} (set BAILIWICK_DATA)", folder.display());
        return;
    };
    let parks: serde_json::Value = serde_json::from_str(&parks).unwrap();
    let features = parks["features"].as_array().unwrap();
    let fences: Vec<Option<Fence>> =
        features.iter().map(|feature| feature["geometry"].to_string().parse().ok()).collect();
    let (mut points, mut worst) = (0, 0.0_f64);
    for line in oracle.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let fence = fences[cells[1].parse::<usize>().unwrap()].as_ref().unwrap();
        let there = at(cells[2].parse().unwrap(), cells[3].parse().unwrap());
        assert_eq!(fence.contains(there).to_string(), cells[4], "{line}");
        let in_hole = match fence {
            Fence::Parts(parts) => parts.iter().flat_map(|part| &part.holes).any(|hole| hole.encloses(there)),
            Fence::Circle { .. } => false,
        };
        assert_eq!(in_hole.to_string(), cells[5], "{line}");
        let expected: f64 = cells[6].parse().unwrap();
        let off = (fence.metres_to_boundary(there) - expected).abs();
        worst = worst.max(off);
        assert!(off <= 0.01 + expected * 0.0005, "{line}: off by {off} m");
        points += 1;
    }
    assert_eq!(points, 1_104);
    eprintln!("1104 points agree; the largest difference of distance is {worst:.4} m");
}
