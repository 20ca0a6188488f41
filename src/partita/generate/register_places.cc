#include "partita/generate/register_places.h"

#include <array>

namespace partita {
namespace {

constexpr std::string_view kPuget = "PUGET SOUND ENERGY INC";
constexpr std::string_view kPugetTacoma = "PUGET SOUND ENERGY INC||CITY OF TACOMA - (WA)";
constexpr std::string_view kSeattle = "CITY OF SEATTLE - (WA)|CITY OF TACOMA - (WA)";
constexpr std::string_view kTacoma =
    "BONNEVILLE POWER ADMINISTRATION||CITY OF TACOMA - (WA)||PENINSULA LIGHT COMPANY";
constexpr std::string_view kClark =
    "BONNEVILLE POWER ADMINISTRATION||PUD NO 1 OF CLARK COUNTY - (WA)";
constexpr std::string_view kPacific = "PACIFICORP";
constexpr std::string_view kAvista =
    "BONNEVILLE POWER ADMINISTRATION||AVISTA CORP||INLAND "
    "POWER & LIGHT COMPANY";
constexpr std::string_view kModern = "MODERN ELECTRIC WATER COMPANY";
constexpr std::string_view kOkanogan = "OKANOGAN COUNTY ELEC COOP, INC";
// Quotes are the generator's own: the register has none.
constexpr std::string_view kQuoted = "PUGET SOUND ENERGY, INC||\"CITY\" OF TACOMA - (WA)";
constexpr std::string_view kOutside = "NON WASHINGTON STATE ELECTRIC UTILITY";

constexpr auto kPlaces = std::to_array<RegisterPlace>({
    {"King", "Seattle", "WA", "98103", "43", "POINT (-122.34301 47.67142)", kSeattle,
     "53033", 330},
    {"King", "Seattle", "WA", "98115", "46", "POINT (-122.30085 47.68519)", kSeattle,
     "53033", 320},
    {"King", "Seattle", "WA", "98117", "36", "POINT (-122.37710 47.68968)", kSeattle,
     "53033", 270},
    {"King", "Seattle", "WA", "98178", "37", "POINT (-122.24118 47.49917)", kSeattle,
     "53033", 120},
    {"King", "Seattle", "WA", "98122", "37", "POINT (-122.30404 47.61173)", kSeattle,
     "53033", 210},
    {"King", "Seattle", "WA", "98125", "46", "POINT (-122.30192 47.71570)", kSeattle,
     "53033", 190},
    {"King", "Seattle", "WA", "98144", "37", "POINT (-122.29993 47.58417)", kSeattle,
     "53033", 180},
    {"King", "Seattle", "WA", "98199", "36", "POINT (-122.39721 47.64815)", kSeattle,
     "53033", 170},
    {"King", "Bellevue", "WA", "98004", "48", "POINT (-122.20784 47.61838)", kPugetTacoma,
     "53033", 270},
    {"King", "Bellevue", "WA", "98006", "41", "POINT (-122.15002 47.55746)", kPugetTacoma,
     "53033", 310},
    {"King", "Bellevue", "WA", "98007", "48", "POINT (-122.14263 47.61603)", kPugetTacoma,
     "53033", 140},
    {"King", "Bellevue", "WA", "98008", "48", "POINT (-122.11630 47.61121)", kPugetTacoma,
     "53033", 160},
    {"King", "Redmond", "WA", "98052", "48", "POINT (-122.12301 47.68080)", kPugetTacoma,
     "53033", 420},
    {"King", "Redmond", "WA", "98053", "45", "POINT (-122.03209 47.66027)", kPugetTacoma,
     "53033", 200},
    {"King", "Kirkland", "WA", "98033", "48", "POINT (-122.19410 47.67310)", kPugetTacoma,
     "53033", 240},
    {"King", "Kirkland", "WA", "98034", "45", "POINT (-122.20925 47.71612)", kPugetTacoma,
     "53033", 230},
    {"King", "Sammamish", "WA", "98074", "45", "POINT (-122.03580 47.62601)",
     kPugetTacoma, "53033", 280},
    {"King", "Sammamish", "WA", "98075", "41", "POINT (-122.03539 47.58422)",
     kPugetTacoma, "53033", 240},
    {"King", "Issaquah", "WA", "98029", "5", "POINT (-122.00292 47.54748)", kPugetTacoma,
     "53033", 200},
    {"King", "Bothell", "WA", "98011", "1", "POINT (-122.20563 47.76144)", kPugetTacoma,
     "53033", 170},
    {"King", "Renton", "WA", "98059", "11", "POINT (-122.15734 47.48742)", kPugetTacoma,
     "53033", 190},
    {"King", "Kent", "WA", "98042", "47", "POINT (-122.11385 47.36078)", kPugetTacoma,
     "53033", 160},
    {"King", "Federal Way", "WA", "98003", "30", "POINT (-122.31307 47.32427)",
     kPugetTacoma, "53033", 90},
    {"King", "Shoreline", "WA", "98177", "32", "POINT (-122.36498 47.72238)", kSeattle,
     "53033", 110},
    {"King", "Mercer Island", "WA", "98040", "41", "POINT (-122.22901 47.57003)",
     kPugetTacoma, "53033", 190},
    {"King", "Vashon", "WA", "98070", "34", "POINT (-122.45920 47.44929)", kPuget,
     "53033", 60},
    {"Snohomish", "Bothell", "WA", "98012", "44", "POINT (-122.21061 47.83448)", kPuget,
     "53061", 330},
    {"Snohomish", "Bothell", "WA", "98021", "1", "POINT (-122.18384 47.80310)", kPuget,
     "53061", 220},
    {"Snohomish", "Lynnwood", "WA", "98036", "21", "POINT (-122.29245 47.82557)", kPuget,
     "53061", 140},
    {"Snohomish", "Edmonds", "WA", "98020", "21", "POINT (-122.37507 47.80807)", kPuget,
     "53061", 120},
    {"Snohomish", "Everett", "WA", "98208", "44", "POINT (-122.18637 47.89251)", kPuget,
     "53061", 170},
    {"Pierce", "Tacoma", "WA", "98406", "27", "POINT (-122.52054 47.26887)", kTacoma,
     "53053", 120},
    {"Pierce", "Tacoma", "WA", "98422", "27", "POINT (-122.38591 47.28972)", kTacoma,
     "53053", 70},
    {"Pierce", "Puyallup", "WA", "98374", "25", "POINT (-122.27575 47.13959)", kTacoma,
     "53053", 130},
    {"Pierce", "Gig Harbor", "WA", "98335", "26", "POINT (-122.58354 47.32448)", kTacoma,
     "53053", 140},
    {"Pierce", "Bonney Lake", "WA", "98391", "31", "POINT (-122.18383 47.18062)",
     kPugetTacoma, "53053", 110},
    {"Clark", "Vancouver", "WA", "98682", "17", "POINT (-122.55574 45.67867)", kClark,
     "53011", 200},
    {"Clark", "Vancouver", "WA", "98685", "18", "POINT (-122.69354 45.71450)", kClark,
     "53011", 150},
    {"Clark", "Camas", "WA", "98607", "18", "POINT (-122.40490 45.59101)", kClark,
     "53011", 180},
    {"Thurston", "Olympia", "WA", "98501", "22", "POINT (-122.89165 47.03957)", kPuget,
     "53067", 150},
    {"Thurston", "Olympia", "WA", "98502", "22", "POINT (-122.92333 47.03779)", kPuget,
     "53067", 130},
    {"Thurston", "Lacey", "WA", "98516", "22", "POINT (-122.75379 47.10650)", kPuget,
     "53067", 120},
    {"Kitsap", "Bainbridge Island", "WA", "98110", "23", "POINT (-122.52165 47.62728)",
     kPuget, "53035", 220},
    {"Kitsap", "Poulsbo", "WA", "98370", "23", "POINT (-122.64681 47.73689)", kPuget,
     "53035", 120},
    {"Kitsap", "Bremerton", "WA", "98312", "35", "POINT (-122.65223 47.57192)", kPuget,
     "53035", 80},
    {"Whatcom", "Bellingham", "WA", "98225", "40", "POINT (-122.48600 48.76124)", kPuget,
     "53073", 130},
    {"Skagit", "Anacortes", "WA", "98221", "40", "POINT (-122.61530 48.50127)", kPuget,
     "53057", 90},
    {"Island", "Clinton", "WA", "98236", "10", "POINT (-122.35936 47.97966)", kPuget,
     "53029", 60},
    {"San Juan", "Friday Harbor", "WA", "98250", "40", "POINT (-123.01648 48.53448)",
     "BONNEVILLE POWER ADMINISTRATION||ORCAS POWER & LIGHT COOP", "53055", 50},
    {"Spokane", "Spokane", "WA", "99203", "3", "POINT (-117.40408 47.62917)", kAvista,
     "53063", 110},
    {"Spokane", "Spokane Valley", "WA", "99206", "4", "POINT (-117.24581 47.65337)",
     kModern, "53063", 70},
    {"Yakima", "Yakima", "WA", "98908", "14", "POINT (-120.60272 46.59656)", kPacific,
     "53077", 60},
    {"Yakima", "Selah", "WA", "98942", "15", "POINT (-120.53145 46.65405)", kPacific,
     "53077", 20},
    {"Benton", "Kennewick", "WA", "99338", "8", "POINT (-119.23192 46.19750)",
     "BONNEVILLE POWER ADMINISTRATION||PUD NO 1 OF BENTON COUNTY", "53005", 60},
    {"Chelan", "Wenatchee", "WA", "98801", "12", "POINT (-120.31051 47.42276)",
     "PUD NO 1 OF CHELAN COUNTY", "53007", 50},
    {"Cowlitz", "Longview", "WA", "98632", "19", "POINT (-122.94110 46.15095)",
     "BONNEVILLE POWER ADMINISTRATION||PUD NO 1 OF COWLITZ COUNTY", "53015", 40},
    {"Walla Walla", "Walla Walla", "WA", "99362", "16", "POINT (-118.34332 46.06517)",
     kPacific, "53071", 30},
    {"Okanogan", "Winthrop", "WA", "98862", "7", "POINT (-120.17949 48.47769)", kOkanogan,
     "53047", 20},
    {"Thurston", "Rainier", "WA", "98576", "2", "POINT (-122.68993 46.88897)", kQuoted,
     "53067", 20},
    {"King", "Maple Valley", "WA", "98038", "5", "", kPugetTacoma, "53033", 6},
    {"Los Angeles", "La Cañada Flintridge", "CA", "91011", "",
     "POINT (-118.20618 34.22251)", kOutside, "6037", 5},
    {"Fairfax", "Falls Church", "VA", "22043", "", "POINT (-77.19986 38.89942)", kOutside,
     "51059", 8},
    {"San Diego", "Coronado", "CA", "92118", "", "POINT (-117.16172 32.68459)", kOutside,
     "6073", 8},
    {"", "", "BC", "", "", "", "", "", 3},
});

}  // namespace

std::span<const RegisterPlace> RegisterPlaces() { return kPlaces; }

}  // namespace partita
