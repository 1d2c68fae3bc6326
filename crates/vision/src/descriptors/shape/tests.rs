use super::*;

fn grey(value: impl Fn(u32, u32) -> u8) -> Rgb {
    let pixels = (0..96)
        .flat_map(|y| (0..96).map(move |x| (x, y)))
        .flat_map(|(x, y)| [value(x, y); 3])
        .collect();
    Rgb::new(96, 96, pixels).unwrap()
}

fn disc(x: u32, y: u32, (cx, cy): (i32, i32)) -> bool {
    let (x, y) = (x as i32 - cx, y as i32 - cy);
    x * x + y * y < 24 * 24
}

fn cosine(a: &Rgb, b: &Rgb) -> f32 {
    shape(a).iter().zip(shape(b)).map(|(a, b)| a * b).sum()
}

#[test]
fn shares_of_a_pixel_add_up_but_for_what_is_beyond_the_border() {
    for pixel in 0..SIDE {
        let places = nearest_cells(pixel);
        let sum: f32 = places.iter().map(|(_, share)| share).sum();
        assert!((sum - 1.0).abs() < 1e-6);
        assert!(
            places
                .iter()
                .all(|(cell, _)| cell.is_none_or(|cell| cell < CELLS))
        );
    }
    assert_eq!(nearest_cells(0)[0].0, None);
    assert_eq!(nearest_cells(SIDE - 1)[1].0, None);
}

#[test]
fn light_on_dark_is_dark_on_light() {
    let light = grey(|x, y| if disc(x, y, (48, 48)) { 250 } else { 60 });
    let dark = grey(|x, y| if disc(x, y, (48, 48)) { 60 } else { 250 });
    assert!(cosine(&light, &dark) > 0.98);
}

#[test]
fn brightness_and_colour_matter_little_and_place_much() {
    let place = |at: (i32, i32), inner: u8, outer: u8| {
        grey(move |x, y| if disc(x, y, at) { inner } else { outer })
    };
    let one = place((40, 48), 250, 60);
    assert!(cosine(&one, &place((40, 48), 180, 60)) > 0.9);
    assert!(cosine(&one, &place((42, 48), 250, 60)) > 0.9);
    assert!(cosine(&one, &place((66, 30), 250, 60)) < 0.5);
}

#[test]
fn an_upright_edge_votes_in_its_cells_and_orientation() {
    let cells = vote(&brightness(
        Working::new(&grey(|x, _| if x < 48 { 0 } else { 255 })).luma_square(),
    ));
    let (bin, _) = cells
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1))
        .unwrap();
    assert_eq!(bin % ORIENTATIONS, 0);
    let column = bin / ORIENTATIONS % CELLS;
    assert!(column == CELLS / 2 - 1 || column == CELLS / 2, "{column}");
    let elsewhere: f32 = cells
        .iter()
        .enumerate()
        .filter(|(bin, _)| bin % ORIENTATIONS != 0)
        .map(|(_, v)| v)
        .sum();
    assert_eq!(elsewhere, 0.0);
}
