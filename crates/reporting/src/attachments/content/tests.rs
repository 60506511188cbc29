//! What is taken, what is refused and in which words, and what is left of it.

use image::{GenericImageView, ImageFormat};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::super::samples::{
    self, ARTIST, DEGREES, DOCX, PDF, POSITION, XLSX, bomb, eicar, film, holds, jpeg, photo, png, zip,
};
use super::{Kind, may_leave, name, sniff, take};

#[test]
fn the_content_decides_and_not_the_name() {
    for (bytes, kind) in [
        (jpeg(8, 8), Kind::Jpeg),
        (png(8, 8), Kind::Png),
        (samples::glass(ImageFormat::WebP), Kind::Webp),
        (samples::moving_gif(), Kind::Gif),
        (PDF.to_vec(), Kind::Pdf),
        (zip(DOCX), Kind::Docx),
        (zip(XLSX), Kind::Xlsx),
        (film(), Kind::Mp4),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ".to_vec(), Kind::Mov),
        (b"\0\0\0\x14ftypM4A \0\0\0\0M4A ".to_vec(), Kind::M4a),
        (samples::mp3(), Kind::Mp3),
        (samples::wav(), Kind::Wav),
        ("Tür offen, 3 °C\r\nsecond line\t\n".as_bytes().to_vec(), Kind::Text),
    ] {
        for name in ["a.jpg", "a.exe", "a", ""] {
            assert_eq!(sniff(name, &bytes), Ok(kind), "{name} {kind:?}");
        }
    }
}

#[test]
fn what_is_not_taken_is_refused_by_its_right_name() {
    let macros = [DOCX, &["word/vbaProject.bin"]].concat();
    let trailing = [zip(DOCX), b"<script>".to_vec()].concat();
    for (name, bytes, why) in [
        ("a.txt", Vec::new(), "empty"),
        ("a.jpg", vec![b'a'; web::input::MOST_FILE + 1], "larger than 26.2 MB"),
        ("a.txt", eicar(), "virus"),
        ("a.png", b"<!doctype html><script>alert(1)</script>".to_vec(), "HTML"),
        ("a.png", "\u{feff} <svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>".into(), "SVG"),
        ("a.txt", b"<?xml version=\"1.0\"?><note/>".to_vec(), "XML"),
        ("a.txt", b"note\n<SCRIPT src=//x>".to_vec(), "code"),
        ("a.txt", b"#!/bin/sh\nrm -rf /\n".to_vec(), "script"),
        ("a.js", b"alert(1)".to_vec(), "script"),
        ("A.PS1", b"Get-Item".to_vec(), "script"),
        ("a.jpg", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF".to_vec(), "program"),
        ("a.jpg", b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(), "program"),
        ("a.zip", zip(&["test.jpg"]), "archive"),
        ("a.docx", zip(&macros), "macros"),
        ("a.docx", trailing, "damaged"),
        ("a.pptx", zip(&["[Content_Types].xml", "ppt/presentation.xml"]), "PDF"),
        ("a.gz", b"\x1F\x8B\x08\0\0\0\0\0".to_vec(), "archive"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "HEIC"),
        ("a.mp4", b"\0\0\0\x18ftypjp2 \0\0\0\0".to_vec(), "not taken"),
        ("a.psd", b"8BPS\0\x01\0\0\0\0\0\0\0\x03".to_vec(), "psd"),
        ("a.bin", vec![0, 1, 2, 3, 200, 201], "not taken"),
        ("a.txt", b"a\0b".to_vec(), "not taken"),
    ] {
        match sniff(name, &bytes) {
            Err(text) => assert!(text.contains(why), "{name}: {text}"),
            Ok(kind) => panic!("{name} ({why}) was taken as {kind:?}"),
        }
    }
}

#[test]
fn a_photo_is_turned_upright_and_left_with_its_pixels_only() {
    let bytes = photo(80, 60);
    assert!(
        holds(&bytes, ARTIST) && holds(&bytes, DEGREES) && holds(&bytes, b"Exif"),
        "the sample names people"
    );
    let taking = take("a.jpg", &bytes).unwrap();
    assert_eq!((taking.kind, taking.size), (Kind::Jpeg, Some((60, 80))));
    let small = taking.thumbnail.unwrap();
    for clean in [&taking.clean, &small] {
        assert!(!holds(clean, ARTIST) && !holds(clean, DEGREES) && !holds(clean, b"Exif"));
        // Orientation 6: what was on the left is on top.
        let picture = image::load_from_memory_with_format(clean, ImageFormat::Jpeg).unwrap();
        assert_eq!(picture.dimensions(), (60, 80));
        let (top, bottom) = (picture.get_pixel(30, 10).0, picture.get_pixel(30, 70).0);
        assert!(top[0] > 180 && top[2] < 80, "red on top: {top:?}");
        assert!(bottom[2] > 180 && bottom[0] < 80, "blue below: {bottom:?}");
    }
    // 21:30:05 at five hours behind is 02:30:05 of the next day.
    let at = taking.taken.unwrap().at(&TimeZone::UTC).unwrap();
    assert_eq!(at.to_string(), "2026-11-23T02:30:05Z");
}

#[test]
fn a_thumbnail_is_small_and_a_see_through_one_lies_on_paper() {
    let taking = take("a.png", &png(1600, 400)).unwrap();
    let small = image::load_from_memory(&taking.thumbnail.unwrap()).unwrap();
    assert_eq!(small.dimensions(), (512, 128));

    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let taking = take("a", &samples::glass(format)).unwrap();
        assert_eq!(taking.kind, Kind::Png, "transparency is kept");
        let clean = image::load_from_memory_with_format(&taking.clean, ImageFormat::Png).unwrap();
        assert_eq!((clean.get_pixel(5, 5).0[3], clean.get_pixel(35, 5).0[3]), (0, 255));
        let small =
            image::load_from_memory_with_format(&taking.thumbnail.unwrap(), ImageFormat::Jpeg).unwrap();
        assert!(small.get_pixel(5, 5).0[..3].iter().all(|c| *c > 240));
    }
    let opaque = samples::encoded(samples::two_halves(9, 9), ImageFormat::WebP);
    assert_eq!(take("a.webp", &opaque).unwrap().kind, Kind::Jpeg);
}

#[test]
fn a_moving_picture_still_moves_and_says_nothing() {
    use image::AnimationDecoder;
    let bytes = samples::moving_gif();
    assert!(holds(&bytes, ARTIST));
    let taking = take("a.gif", &bytes).unwrap();
    assert_eq!((taking.kind, taking.size), (Kind::Gif, Some((20, 10))));
    assert!(!holds(&taking.clean, ARTIST));
    let frames =
        image::codecs::gif::GifDecoder::new(std::io::Cursor::new(&taking.clean)).unwrap().into_frames();
    assert_eq!(frames.count(), 2);
    // One that stands still need not be a GIF.
    assert_eq!(
        take("a.gif", &samples::encoded(samples::two_halves(9, 9), ImageFormat::Gif)).unwrap().kind,
        Kind::Png
    );
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    for bytes in [bomb(), {
        let mut bytes = jpeg(8, 8);
        let frame = bytes.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
        bytes[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        bytes
    }] {
        assert_eq!(take("a", &bytes).err().unwrap(), "the picture has more than 50 million pixels");
    }
    let whole = png(80, 60);
    let damaged = take("a.png", &whole[..whole.len() / 2]).err().unwrap();
    assert_eq!(damaged, "the picture is damaged and cannot be read");
    let gif = b"GIF89a/*\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0*/=1;alert(1)//;";
    assert!(take("a.gif", gif).is_err(), "a script in the clothes of a picture");
}

#[test]
fn a_film_loses_places_and_keeps_pictures() {
    let bytes = film();
    assert_eq!(memchr::memmem::find_iter(&bytes, POSITION).count(), 3);
    assert!(may_leave(Kind::Mp4, &bytes).is_err());
    let clean = take("a.mp4", &bytes).unwrap().clean;
    assert_eq!(clean.len(), bytes.len(), "players find the pictures by their distance from the start");
    assert!(!holds(&clean, POSITION));
    assert_eq!(memchr::memmem::find_iter(&clean, b"picture picture picture ").count(), 2);
    assert!(holds(&clean, b"vide") && !holds(&clean, b"udta"));
    may_leave(Kind::Mp4, &clean).unwrap();

    // What cannot be read cannot be cleaned, and stays inside.
    let cut = &bytes[..bytes.len() - 5];
    assert!(may_leave(Kind::Mp4, &take("a.mp4", cut).unwrap().clean).is_err());
    let mut lost = bytes.clone();
    let table = memchr::memmem::rfind(&lost, b"stco").unwrap();
    lost[table + 12..table + 16].copy_from_slice(&[0xFF; 4]);
    assert!(may_leave(Kind::Mp4, &take("a.mp4", &lost).unwrap().clean).is_err());
}

#[test]
fn recordings_lose_their_labels() {
    let clean = take("a.mp3", &samples::mp3()).unwrap().clean;
    assert_eq!((clean.len(), &clean[..2]), (834, &[0xFF, 0xFB][..]));
    assert!(!holds(&clean, ARTIST));
    let clean = take("a.wav", &samples::wav()).unwrap().clean;
    assert!(!holds(&clean, ARTIST) && holds(&clean, &[9; 32]) && holds(&clean, &[1; 16]));
    assert_eq!(
        usize::try_from(u32::from_le_bytes(clean[4..8].try_into().unwrap())).unwrap(),
        clean.len() - 8
    );
    assert!(take("a.mp3", b"ID3\x04\0\0\0\0\0\x02ab").is_err());
}

#[test]
fn names_are_made_harmless() {
    for (typed, kind, wanted) in [
        ("gate.jpg", Kind::Jpeg, "gate.jpg"),
        ("GATE 4 \u{2014} T\u{fc}r.JPEG", Kind::Jpeg, "GATE 4 \u{2014} T\u{fc}r.jpeg"),
        ("../../etc/passwd", Kind::Text, "passwd.txt"),
        ("C:\\Users\\gina\\gate.png", Kind::Png, "gate.png"),
        ("a\r\nSet-Cookie: x=1.pdf", Kind::Pdf, "aSet-Cookie_ x=1.pdf"),
        ("exe.\u{202e}gpj", Kind::Jpeg, "exe.gpj.jpg"),
        ("page.html", Kind::Png, "page.html.png"),
        ("shot.webp", Kind::Jpeg, "shot.jpg"),
        ("", Kind::Mp4, "video.mp4"),
        (" .. ", Kind::Docx, "document.docx"),
        ("con.txt", Kind::Text, "_con.txt"),
        ("a\"b;c.mp3", Kind::Mp3, "a_b;c.mp3"),
    ] {
        assert_eq!(name::clean(typed, kind), wanted, "{typed:?}");
    }
    let long = name::clean(&"\u{e9}".repeat(400), Kind::Jpeg);
    assert_eq!(long.chars().count(), 119 - 3 + 4);
    assert_eq!(name::neutral(Kind::Png, 2), "photo-2.png");
}

#[test]
fn real_files_are_what_they_are() {
    let Some(folder) = samples::real() else { return };
    let read = |path: &str| std::fs::read(folder.join(path)).unwrap();
    for (path, kind) in [
        ("real-types/fixture-isomv2.mp4", Some(Kind::Mp4)),
        ("real-types/fixture-json.webp", Some(Kind::Text)),
        ("real-types/fixture-minimal.pdf", Some(Kind::Pdf)),
        ("real-types/fixture-mp2l3.mp3", Some(Kind::Mp3)),
        ("real-types/fixture-office365.docx", Some(Kind::Docx)),
        ("real-types/fixture2.xlsx", Some(Kind::Xlsx)),
        ("real-types/fixture.gif", Some(Kind::Gif)),
        ("real-types/fixture.jpg", Some(Kind::Jpeg)),
        ("real-types/fixture.png", Some(Kind::Png)),
        ("real-types/fixture.xml", None),
        ("real-types/fixture.zip", None),
        ("hostile/html_named.png", None),
        ("hostile/svg_script.svg", None),
    ] {
        let found = sniff(path, &read(path));
        assert_eq!(found.clone().ok(), kind, "{path}: {found:?}");
    }
    let photo = read("photo_exif_gps_orient6.jpg");
    let taking = take("photo.jpg", &photo).unwrap();
    assert_eq!(taking.size, Some((480, 640)), "640 by 480, turned");
    // 02:30 on that day was skipped in New York; whoever was there would have read 03:30.
    let zone = TimeZone::get("America/New_York").unwrap();
    let at = taking.taken.unwrap().at(&zone).unwrap();
    assert_eq!(at.to_string(), "2026-03-08T07:30:00Z");
}

proptest! {
    #[test]
    fn no_content_makes_the_reader_stumble(
        sample in 0..8_usize,
        at in any::<proptest::sample::Index>(),
        with in proptest::collection::vec(any::<u8>(), 0..12),
        keep in any::<proptest::sample::Index>(),
    ) {
        let mut bytes = match sample {
            0 => photo(16, 12),
            1 => film(),
            2 => zip(DOCX),
            3 => samples::wav(),
            4 => samples::mp3(),
            5 => samples::moving_gif(),
            6 => samples::exif(),
            _ => png(5, 5),
        };
        let from = at.index(bytes.len());
        let until = (from + with.len()).min(bytes.len());
        bytes.splice(from..until, with);
        bytes.truncate(keep.index(bytes.len()) + 1);
        let _ = super::exif::taken(&bytes);
        if let Ok(taking) = take("a", &bytes) {
            let _ = may_leave(taking.kind, &taking.clean);
        }
    }
}
