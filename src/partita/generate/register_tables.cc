#include "partita/generate/register_tables.h"

#include <array>

namespace partita {
namespace {

constexpr std::array<Vehicle, 23> kVehicles = {{
    {"TESLA", 2008, 2025, 4400, "MODEL Y", false, 0},
    {"NISSAN", 2011, 2025, 720, "LEAF", false, 84},
    {"CHEVROLET", 2011, 2025, 680, "BOLT EV", false, 238},
    {"BMW", 2014, 2025, 520, "X5", true, 30},
    {"KIA", 2015, 2025, 480, "NIRO", false, 239},
    {"TOYOTA", 2012, 2025, 420, "PRIUS PRIME", true, 25},
    {"FORD", 2011, 2025, 420, "MUSTANG MACH-E", false, 0},
    {"HYUNDAI", 2017, 2025, 360, "IONIQ 5", false, 0},
    {"VOLKSWAGEN", 2015, 2025, 290, "ID.4", false, 0},
    {"VOLVO", 2016, 2025, 280, "XC90", true, 18},
    {"JEEP", 2021, 2025, 240, "WRANGLER", true, 21},
    {"RIVIAN", 2022, 2025, 230, "R1S", false, 0},
    {"AUDI", 2016, 2025, 200, "E-TRON", false, 204},
    {"MERCEDES-BENZ", 2014, 2025, 120, "EQB-CLASS", false, 0},
    {"PORSCHE", 2014, 2025, 100, "TAYCAN", false, 192},
    {"CHRYSLER", 2017, 2025, 100, "PACIFICA", true, 32},
    {"SUBARU", 2019, 2025, 70, "SOLTERRA", false, 0},
    {"HONDA", 2014, 2025, 70, "CLARITY", true, 47},
    {"POLESTAR", 2021, 2025, 60, "PS2", false, 233},
    {"MINI", 2019, 2025, 50, "HARDTOP", false, 110},
    {"MITSUBISHI", 2012, 2018, 40, "I-MIEV", false, 62},
    {"FIAT", 2013, 2019, 40, "500", false, 84},
    {"LUCID", 2022, 2023, 20, "AIR", false, 0},
}};

constexpr std::array<Place, 24> kPlaces = {{
    {"King,Seattle,WA,98115", "46", "POINT (-122.31676 47.68156)",
     "CITY OF SEATTLE - (WA)|CITY OF TACOMA - (WA)", "53033004500"},
    {"King,Bellevue,WA,98004", "41", "POINT (-122.20190 47.61385)",
     "PUGET SOUND ENERGY INC||CITY OF TACOMA - (WA)", "53033023801"},
    {"King,Redmond,WA,98052", "48", "POINT (-122.13158 47.67858)",
     "PUGET SOUND ENERGY INC||CITY OF TACOMA - (WA)", "53033032329"},
    {"Snohomish,Bothell,WA,98012", "1", "POINT (-122.20620 47.84630)",
     "PUGET SOUND ENERGY INC", "53061052009"},
    {"Clark,Vancouver,WA,98682", "17", "POINT (-122.55173 45.65895)",
     "BONNEVILLE POWER ADMINISTRATION||PUD NO 1 OF CLARK COUNTY - (WA)", "53011040713"},
    {"Pierce,Tacoma,WA,98406", "28", "POINT (-122.52054 47.26887)",
     "BONNEVILLE POWER ADMINISTRATION||CITY OF TACOMA - (WA)|PENINSULA LIGHT COMPANY",
     "53053061001"},
    {"King,Kirkland,WA,98033", "45", "POINT (-122.20264 47.67850)",
     "PUGET SOUND ENERGY INC||CITY OF TACOMA - (WA)", "53033022500"},
    {"Kitsap,Poulsbo,WA,98370", "23", "POINT (-122.64681 47.73689)",
     "PUGET SOUND ENERGY INC", "53035091100"},
    {"Thurston,Olympia,WA,98501", "22", "POINT (-122.89692 47.04398)",
     "PUGET SOUND ENERGY INC", "53067010500"},
    {"Spokane,Spokane,WA,99223", "6", "POINT (-117.36771 47.61643)",
     "MODERN ELECTRIC WATER COMPANY", "53063004601"},
    {"Whatcom,Bellingham,WA,98226", "42", "POINT (-122.46640 48.76840)",
     "PUGET SOUND ENERGY INC||PUD NO 1 OF WHATCOM COUNTY", "53073000802"},
    {"King,Issaquah,WA,98027", "5", "POINT (-122.03646 47.53010)",
     "PUGET SOUND ENERGY INC||CITY OF TACOMA - (WA)", "53033032102"},
    {"Yakima,Yakima,WA,98908", "14", "POINT (-120.60272 46.59656)", "PACIFICORP",
     "53077000904"},
    {"Benton,Richland,WA,99352", "8", "POINT (-119.28550 46.27930)",
     "BONNEVILLE POWER ADMINISTRATION||CITY OF RICHLAND - (WA)", "53005010201"},
    {"Island,Langley,WA,98260", "10", "POINT (-122.40840 48.03570)",
     "PUGET SOUND ENERGY INC", "53029972000"},
    {"Okanogan,Mazama,WA,98833", "7", "POINT (-120.40230 48.59200)",
     "\"OKANOGAN COUNTY ELEC COOP, INC\"", "53047970900"},
    {"Chelan,Wenatchee,WA,98801", "12", "POINT (-120.32740 47.41230)",
     "PUD NO 1 OF CHELAN COUNTY", "53007961100"},
    {"Grant,Moses Lake,WA,98837", "13", "POINT (-119.27790 47.13090)",
     "PUD NO 2 OF GRANT COUNTY", "53025011002"},
    {"San Juan,Eastsound,WA,98245", "40", "POINT (-122.90000 48.69680)",
     "\"ORCAS POWER & LIGHT COOP, THE \"\"ISLANDS\"\" UTILITY\"", "53055960100"},
    {"Whatcom,Blaine,WA,98230", "42", "POINT (-122.74720 48.99370)",
     "\"CITY OF \"\"BLAINE\"\" - (WA), PUD NO 1\"", "53073010401"},
    {"San Diego,Coronado,CA,92118", "", "POINT (-117.17890 32.68590)",
     "NON WASHINGTON STATE", "6073010601"},
    {"Honolulu,Honolulu,HI,96818", "", "POINT (-157.92790 21.35060)", "", "15003006804"},
    {"Fairfax,Alexandria,VA,22307", "", "", "NON WASHINGTON STATE", "51059415900"},
    {",,AE,9128", "", "", "", ""},
}};

}  // namespace

std::span<const Vehicle> Vehicles() { return kVehicles; }

std::span<const Place> Places() { return kPlaces; }

}  // namespace partita
