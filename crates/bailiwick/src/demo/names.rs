//! Names of people who do not exist.

use super::dice::Dice;

const FIRST: &[&str] = &[
    "Aaliyah",
    "Adrian",
    "Aiko",
    "Alejandra",
    "Amara",
    "Anders",
    "Aniela",
    "Arjun",
    "Bao",
    "Beatriz",
    "Benedikt",
    "Bronagh",
    "Caleb",
    "Carmen",
    "Cedric",
    "Chiara",
    "Chidi",
    "Dalia",
    "Danilo",
    "Darnell",
    "Desta",
    "Elif",
    "Emeka",
    "Erin",
    "Esperanza",
    "Farid",
    "Fiona",
    "Gideon",
    "Grace",
    "Hana",
    "Hector",
    "Ilse",
    "Imani",
    "Ioana",
    "Ivan",
    "Jae-won",
    "Jamal",
    "Joaquín",
    "Kamala",
    "Kofi",
    "Lachlan",
    "Leila",
    "Lorena",
    "Luca",
    "Maeve",
    "Malik",
    "Marisol",
    "Mateus",
    "Mei",
    "Nadia",
    "Naveen",
    "Noor",
    "Oksana",
    "Omar",
    "Paloma",
    "Petra",
    "Quinn",
    "Rafael",
    "Renée",
    "Rosa",
    "Ruth",
    "Samir",
    "Saoirse",
    "Siobhán",
    "Søren",
    "Tamsin",
    "Tariq",
    "Thandi",
    "Tomás",
    "Uma",
    "Viktor",
    "Wanda",
    "Xiomara",
    "Yusuf",
    "Zofia",
];

const LAST: &[&str] = &[
    "Abebe",
    "Acosta",
    "Adeyemi",
    "Aldridge",
    "Amsel",
    "Baptiste",
    "Barros",
    "Bellweather",
    "Bianchi",
    "Brandt",
    "Byrne",
    "Calloway",
    "Castellanos",
    "Chaudhry",
    "Cisneros",
    "Dąbrowski",
    "Delacroix",
    "Dhillon",
    "Dorsey",
    "Eriksen",
    "Espinoza",
    "Falk",
    "Farrell",
    "Fontaine",
    "Garza",
    "Gilchrist",
    "Goswami",
    "Grzelak",
    "Haddad",
    "Halloran",
    "Hassan",
    "Hofer",
    "Ibarra",
    "Idowu",
    "Iwasaki",
    "Jansen",
    "Jovanović",
    "Kaminski",
    "Karimi",
    "Kessler",
    "Kimura",
    "Kovač",
    "Lacroix",
    "Lindqvist",
    "Lozano",
    "Mbeki",
    "McAllister",
    "Mendes",
    "Mizrahi",
    "Moreau",
    "Nakamura",
    "Nwosu",
    "O'Leary",
    "Okafor",
    "Oyelaran",
    "Paredes",
    "Petrov",
    "Prescott",
    "Quiñones",
    "Rahman",
    "Reyes",
    "Rosenthal",
    "Saavedra",
    "Sandoval",
    "Schreiber",
    "Sharma",
    "Silveira",
    "Sokolova",
    "Tanaka",
    "Teixeira",
    "Thibault",
    "Tran",
    "Underhill",
    "Vasquez",
    "Vogel",
    "Wachira",
    "Whitlock",
    "Yilmaz",
    "Zamora",
    "Zielinski",
];

/// A full name.
pub(crate) fn person(dice: &mut Dice) -> String {
    let first = dice.pick(FIRST).copied().unwrap_or_default();
    let last = dice.pick(LAST).copied().unwrap_or_default();
    format!("{first} {last}")
}

/// So many different full names.
pub(crate) fn people(dice: &mut Dice, many: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::with_capacity(many);
    while all.len() < many.min(FIRST.len() * LAST.len()) {
        let name = person(dice);
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// The part before the `@` for a name.
pub(crate) fn mailbox(name: &str) -> String {
    let folded = store::fold(name);
    let words: Vec<String> = folded
        .split_whitespace()
        .map(|word| word.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect())
        .collect();
    words.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_and_make_addresses() {
        let names = people(&mut Dice::of(7, 0, 0), 300);
        for name in &names {
            let address = format!("{}@northwatch.example", mailbox(name));
            assert!(address.parse::<kernel::text::EmailAddress>().is_ok(), "{address}");
        }
        assert_eq!(mailbox("Siobhán O'Leary"), "siobhan.oleary");
    }
}
