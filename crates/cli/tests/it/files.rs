//! Files that are broken, strange or forbidden: each is named with its reason, and none stops the run.

use crate::pictures::{black_png, bytes, plain, save, save_as, save_tiles, tiles, touch};
use crate::program::{Home, Running};
use crate::rights;
use image::codecs::gif::GifEncoder;
use image::{Delay, Frame, ImageBuffer, ImageFormat, Luma, Rgb};
use jpeg_encoder::{ColorType, Encoder};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// Indexes one good picture and one file of a name and content, which has to fail for a reason.
fn fails(name: &str, content: &[u8], reason: &str) {
    let home = Home::new();
    save_tiles(&home.pictures().join("good.png"), 1);
    let bad = home.pictures().join(name);
    fs::write(&bad, content).unwrap();
    let indexed = home.index_some(&[] as &[&str]);
    assert_eq!(indexed.code, Some(1), "{indexed:?}");
    assert_eq!(indexed.counts(), [1, 0, 0, 0, 1], "{indexed:?}");
    let said = indexed.reason(&bad);
    assert!(
        said.contains(reason),
        "{name}: {said:?} does not say {reason:?}"
    );
    assert!(
        !said.contains("panicked") && !said.contains("defect"),
        "{said}"
    );
    assert!(!said.contains('\n') && !said.ends_with('.'), "{said:?}");
    // It fails again, for nothing was kept of it, and again stops nothing.
    assert_eq!(home.index_some(&[] as &[&str]).counts(), [0, 1, 0, 0, 1]);
    assert_eq!(home.checked(), 1);
}

#[test]
fn a_truncated_jpeg_fails() {
    let whole = bytes(&tiles(1, 640, 480), ImageFormat::Jpeg);
    fails(
        "cut.jpg",
        &whole[..whole.len() / 2],
        "jpeg file is truncated",
    );
    fails("head.jpg", &whole[..30], "jpeg file is truncated");
}

#[test]
fn text_that_is_named_like_a_picture_fails() {
    fails("letter.jpg", b"Dear Sir or Madam", "this is not a picture");
}

#[test]
fn an_empty_file_that_is_named_like_a_picture_fails() {
    fails("empty.png", b"", "the file is empty");
}

#[test]
fn a_picture_of_900_million_pixels_fails_by_its_size_whole_and_cut_short() {
    let whole = black_png(30_000);
    let reason = "30000 × 30000 pixels exceeds the limit";
    fails("huge.png", &whole, reason);
    fails("huge.png", &whole[..whole.len() / 2], reason);
    fails("huge.png", &whole[..64], reason);
}

#[test]
fn camera_raws_without_a_preview_or_cut_short_are_told() {
    let raw = |make: &[u8]| {
        // A TIFF with a maker, a list below the first and nothing else: how many camera raws begin.
        let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
        tiff.extend(*b"\x0f\x01\x02\0");
        tiff.extend((make.len() as u32).to_le_bytes());
        tiff.extend(38_u32.to_le_bytes());
        tiff.extend(*b"\x4a\x01\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0");
        tiff.resize(38, 0);
        tiff.extend(make);
        tiff.resize(600, 0);
        tiff
    };
    fails(
        "a.nef",
        &raw(b"NIKON CORPORATION\0"),
        "camera raw (Nikon NEF) holds no preview that can be shown",
    );
    let cut: [(&str, &[u8]); 3] = [
        ("a.raf", b"FUJIFILMCCD-RAW 0201"),
        ("a.cr2", b"II*\0\x10\0\0\0CR\x02\0"),
        (
            "a.cr3",
            b"\0\0\0\x14ftypcrx \0\0\0\0mif1\0\0\x10\0moov and so on",
        ),
    ];
    for (name, content) in cut {
        fails(name, content, "raw file is truncated");
    }
}

/// The paths of the two pictures whose colours are most like an image's, a line each.
fn two_of_like_colors(home: &Home, image: &str) -> String {
    let args = [
        "search",
        "--image",
        image,
        "--feature",
        "color",
        "--paths",
        "-k2",
    ];
    home.run(&args).text()
}

/// A red picture finds itself and `red.png`, among pictures of other colours.
fn resembles_red(home: &Home, path: &Path) {
    save(&home.pictures().join("red.png"), &plain([230, 10, 10], 1));
    save(&home.pictures().join("green.png"), &plain([10, 230, 10], 2));
    home.index();
    let image = path.to_str().unwrap();
    let found = two_of_like_colors(home, image);
    let red = home.pictures().join("red.png");
    assert_eq!(found, format!("{image}\n{}\n", red.display()));
}

#[test]
fn a_camera_raw_is_indexed_and_found_by_its_preview() {
    let home = Home::new();
    let mut jpeg = Vec::new();
    let pixels = [230, 10, 10].repeat(64 * 48);
    Encoder::new(&mut jpeg, 90)
        .encode(&pixels, 64, 48, ColorType::Rgb)
        .unwrap();
    // A RAF: where its JPEG stands and how long it is, at 84.
    let mut raf = b"FUJIFILMCCD-RAW 0201".to_vec();
    raf.resize(84, 0);
    raf.extend(100_u32.to_be_bytes());
    raf.extend((jpeg.len() as u32).to_be_bytes());
    raf.resize(100, 0);
    raf.extend(jpeg);
    let path = home.pictures().join("red.raf");
    fs::write(&path, raf).unwrap();
    resembles_red(&home, &path);
}

#[test]
fn formats_that_this_build_does_not_decode_are_named() {
    let container = |brand: &[u8; 4]| {
        let mut file = b"\0\0\0\x14ftyp".to_vec();
        file.extend(brand);
        file.extend(b"\0\0\0\0mif1 and then what this build cannot read");
        file
    };
    for (name, content, format) in [
        ("a.heic", container(b"heic"), "HEIC"),
        ("a.avif", container(b"avif"), "AVIF"),
        ("a.jxl", b"\xff\x0a and so on".to_vec(), "JPEG XL"),
        (
            "b.jxl",
            b"\0\0\0\x0cJXL \r\n\x87\n and so on".to_vec(),
            "JPEG XL",
        ),
        (
            "a.crw",
            b"II\x1a\0\0\0HEAPCCDR and so on".to_vec(),
            "camera raw (Canon CRW)",
        ),
        // The content tells, not the name.
        ("a.jpg", container(b"heic"), "HEIC"),
        ("without-ending", container(b"avif"), "AVIF"),
    ] {
        fails(
            name,
            &content,
            &format!("{format} is not supported by this build"),
        );
    }
}

#[test]
fn a_cmyk_jpeg_is_seen_in_its_colours() {
    let home = Home::new();
    let mut jpeg = Vec::new();
    // No cyan, all magenta and yellow, no black: red. The encoder inverts it, as such files are.
    let pixels = [0, 255, 255, 0].repeat(64 * 48);
    Encoder::new(&mut jpeg, 90)
        .encode(&pixels, 64, 48, ColorType::Cmyk)
        .unwrap();
    let path = home.pictures().join("print.jpg");
    fs::write(&path, jpeg).unwrap();
    save(&home.pictures().join("cyan.png"), &plain([10, 230, 230], 3));
    resembles_red(&home, &path);
}

#[test]
fn a_png_of_16_bits_is_seen_like_one_of_8() {
    let home = Home::new();
    let picture = tiles(1, 64, 48);
    let deep = ImageBuffer::from_fn(64, 48, |x, y| {
        let Rgb(values) = *picture.get_pixel(x, y);
        Rgb(values.map(|value| u16::from(value) * 257))
    });
    let path = home.pictures().join("deep.png");
    deep.save(&path).unwrap();
    let grey = ImageBuffer::from_fn(64, 48, |x, _| Luma([x as u16 * 1_000]));
    grey.save(home.pictures().join("grey.png")).unwrap();
    save_as(
        &home.pictures().join("flat.png"),
        &picture,
        ImageFormat::Png,
    );
    assert_eq!(home.index().counts(), [3, 0, 0, 0, 0]);
    let image = path.to_str().unwrap();
    let found = home
        .run(&["search", "--image", image, "--json", "-k2"])
        .json();
    let scores = [&found[0]["score"], &found[1]["score"]].map(|score| score.as_f64().unwrap());
    assert!((scores[0] - scores[1]).abs() < 1e-3, "{found}");
    let paths = found.to_string();
    assert!(
        paths.contains("deep.png") && paths.contains("flat.png"),
        "{paths}"
    );
}

#[test]
fn an_animated_gif_is_one_picture_its_first() {
    let home = Home::new();
    let path = home.pictures().join("moving.gif");
    let mut encoder = GifEncoder::new(fs::File::create(&path).unwrap());
    for color in [[230, 10, 10], [10, 230, 10], [10, 10, 230]] {
        let frame = image::DynamicImage::from(plain(color, 1)).into_rgba8();
        let delay = Delay::from_numer_denom_ms(100, 1);
        encoder
            .encode_frame(Frame::from_parts(frame, 0, 0, delay))
            .unwrap();
    }
    drop(encoder);
    save(&home.pictures().join("red.png"), &plain([230, 10, 10], 2));
    save(&home.pictures().join("blue.png"), &plain([10, 10, 230], 3));
    assert_eq!(home.index().counts(), [3, 0, 0, 0, 0]);
    let found = home.run(&["search", "--filter", "image.animated:true", "--paths"]);
    assert_eq!(found.text(), format!("{}\n", path.display()));
    let image = path.to_str().unwrap();
    let found = two_of_like_colors(&home, image);
    assert!(found.ends_with("red.png\n"), "{found}");
}

#[test]
fn many_bad_files_are_all_named_and_the_good_ones_are_indexed() {
    let home = Home::new();
    for number in 0..150 {
        save_tiles(&home.pictures().join(format!("{number}-good.png")), number);
        let bad = home.pictures().join(format!("{number}-bad.jpg"));
        fs::write(bad, format!("letter {number}")).unwrap();
    }
    let indexed = home.index_some(&[] as &[&str]);
    assert_eq!(indexed.code, Some(1));
    assert_eq!(indexed.counts(), [150, 0, 0, 0, 150]);
    assert_eq!(home.checked(), 150);
}

#[test]
fn a_picture_that_is_broken_now_keeps_the_document_of_what_it_was() {
    let home = Home::new();
    let path = home.pictures().join("a.png");
    save_tiles(&path, 1);
    let first = home.index();
    fs::write(&path, "not any more").unwrap();
    let second = home.index_some(&["--prune"]);
    assert_eq!(second.counts(), [0, 0, 0, 0, 1]);
    assert_eq!(home.documents(), first.events);
    // And when it is whole again, it is the same document.
    save_tiles(&path, 2);
    assert_eq!(home.index().events, first.events);
}

#[test]
fn a_file_that_the_user_may_not_read_is_named() {
    let home = Home::new();
    save_tiles(&home.pictures().join("good.png"), 1);
    let secret = home.pictures().join("secret.png");
    save_tiles(&secret, 2);
    let folder = home.pictures().join("secret folder");
    save_tiles(&folder.join("hidden.png"), 3);
    for path in [&secret, &folder] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    }
    let Some(command) = rights::without(&home, &home.index_args(&[] as &[&str])) else {
        println!(
            "skipped: files::a_file_that_the_user_may_not_read_is_named: no other user can run the program"
        );
        return;
    };
    let indexed = Running::start(command).end().indexed();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(indexed.code, Some(1));
    assert_eq!(indexed.counts(), [1, 0, 0, 0, 2], "{indexed:?}");
    assert!(indexed.reason(&secret).contains("Permission denied"));
    assert!(indexed.reason(&folder).contains("Permission denied"));
}

#[test]
fn a_file_that_cannot_be_read_any_more_is_not_pruned() {
    let home = Home::new();
    let folder = home.pictures().join("folder");
    save_tiles(&folder.join("a.png"), 1);
    let Some(command) = rights::without(&home, &home.index_args(&[] as &[&str])) else {
        println!(
            "skipped: files::a_file_that_cannot_be_read_any_more_is_not_pruned: no other user can run the program"
        );
        return;
    };
    assert_eq!(Running::start(command).end().code, Some(0));
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    let command = rights::without(&home, &home.index_args(&["--prune"])).unwrap();
    let indexed = Running::start(command).end().indexed();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(indexed.counts(), [0, 0, 0, 0, 1], "{indexed:?}");
}

#[test]
fn a_link_to_a_folder_around_it_is_named_and_not_followed() {
    let home = Home::new();
    save_tiles(&home.pictures().join("a/b/c.png"), 1);
    symlink("..", home.pictures().join("a/b/up")).unwrap();
    symlink(home.pictures(), home.pictures().join("a/root")).unwrap();
    let itself = home.pictures().join("itself.png");
    symlink("itself.png", &itself).unwrap();
    let indexed = home.index_some(&[] as &[&str]);
    assert_eq!(indexed.counts(), [1, 0, 0, 0, 3], "{indexed:?}");
    for link in ["a/b/up", "a/root"] {
        let reason = indexed.reason(&home.pictures().join(link));
        assert!(reason.contains("was not followed"), "{reason}");
    }
    assert!(!indexed.reason(&itself).is_empty());
}

#[test]
fn links_to_files_and_folders_elsewhere_are_followed() {
    let home = Home::new();
    let elsewhere = home.path("elsewhere");
    save_tiles(&elsewhere.join("deep/a.png"), 1);
    save_tiles(&elsewhere.join("b.png"), 2);
    symlink(elsewhere.join("deep"), home.pictures().join("linked")).unwrap();
    symlink(elsewhere.join("b.png"), home.pictures().join("c.png")).unwrap();
    let indexed = home.index();
    let paths: Vec<_> = indexed.events.keys().cloned().collect();
    assert_eq!(
        paths,
        [
            home.pictures().join("c.png"),
            home.pictures().join("linked/a.png")
        ]
    );
    assert_eq!(home.index().counts(), [0, 2, 0, 0, 0]);
}

#[test]
fn a_link_to_nothing_is_named() {
    let home = Home::new();
    let link = home.pictures().join("gone.png");
    symlink(home.path("nowhere.png"), &link).unwrap();
    let indexed = home.index_some(&[] as &[&str]);
    assert_eq!(indexed.counts(), [0, 0, 0, 0, 1]);
    assert!(
        indexed.reason(&link).contains("No such file"),
        "{indexed:?}"
    );
}

#[test]
fn what_is_no_file_is_left_out_and_nothing_waits_for_it() {
    let home = Home::new();
    save_tiles(&home.pictures().join("folder.jpg/a.png"), 1);
    let pipe = home.pictures().join("pipe.png");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let socket =
        std::os::unix::net::UnixListener::bind(home.pictures().join("socket.png")).unwrap();
    symlink("/dev/zero", home.pictures().join("endless.png")).unwrap();
    assert_eq!(home.index().counts(), [1, 0, 0, 0, 0]);
    drop(socket);
    let args = ["index".into(), "--json".into(), pipe];
    assert_eq!(home.run(&args).indexed().counts(), [0, 0, 0, 0, 0]);
}

#[test]
fn a_file_past_the_limit_of_bytes_fails_without_being_read() {
    let home = Home::new();
    let path = home.pictures().join("endless.png");
    let start = bytes(&tiles(1, 64, 48), ImageFormat::Png);
    fs::write(&path, start).unwrap();
    // A hole, which takes no room.
    fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    let indexed = home.index_some(&[] as &[&str]);
    assert!(
        indexed.reason(&path).contains("exceeds the limit"),
        "{indexed:?}"
    );
}

#[test]
fn times_before_the_epoch_and_far_in_the_future_are_kept() {
    let home = Home::new();
    let (old, new) = (
        home.pictures().join("old.png"),
        home.pictures().join("new.png"),
    );
    save_tiles(&old, 1);
    save_tiles(&new, 2);
    // 2400, beyond 32 bits; and before 1970.
    touch(&new, 13_569_465_600);
    let before = std::time::SystemTime::UNIX_EPOCH - std::time::Duration::from_secs(86_400 * 365);
    fs::File::options()
        .write(true)
        .open(&old)
        .unwrap()
        .set_modified(before)
        .unwrap();
    home.index();
    assert_eq!(home.index().counts(), [0, 2, 0, 0, 0]);
    let found = home.run(&[
        "search",
        "--filter",
        "file.modified:[2399-01-01 TO *]",
        "--paths",
    ]);
    assert_eq!(found.text(), format!("{}\n", new.display()));
    let found = home.run(&[
        "search",
        "--filter",
        "file.modified:[* TO 1969-12-31]",
        "--paths",
    ]);
    assert_eq!(found.text(), format!("{}\n", old.display()));
}
