using System.Globalization;

namespace Gatehouse.Server.Seeding;

/// <summary>A tenant to look at: organizations, roles and users that nobody can take for real ones. The same number makes the same
/// ones.</summary>
internal static class DemoFile
{
    public const int MaxUsers = 20_000;

    private const string Helpdesk = "demo-helpdesk";
    private const string Registrar = "demo-registrar";
    private const string Librarian = "demo-librarian";
    private const string Administrator = "organization-administrator";

    private static readonly (string Code, string Name)[] Organizations =
    [
        ("demo-north", "Demo School North"),
        ("demo-south", "Demo School South"),
        ("demo-escuela", "Escuela de Ejemplo"),
        ("demo-biblioteca", "Biblioteca de Muestra"),
        ("demo-vidyalaya", "नमूना विद्यालय"),
        ("demo-pustakalaya", "उदाहरण पुस्तकालय"),
        ("demo-hospital", "Sample Hospital"),
        ("demo-office", "Example Office"),
    ];

    // Given names that occur, family names that do not.
    private static readonly (string Language, string[] Given, string[] Family)[] Names =
    [
        (
            "en",
            ["Ada", "Basil", "Clara", "Dexter", "Edith", "Felix", "Gwen", "Hugo", "Iris", "Jasper", "Kit"],
            ["Sample", "Exampleton", "Placeholder", "Mockford", "Testwood", "Demoson", "Specimen"]
        ),
        (
            "es",
            ["Ana", "Bruno", "Carmen", "Darío", "Elena", "Fermín", "Gala", "Héctor", "Inés", "Julián", "Lucía"],
            ["Ejemplo", "de la Muestra", "Ficticio", "Prueba", "Inventado", "Del Modelo", "Ñoño Ensayo"]
        ),
        (
            "hi",
            ["आरव", "भावना", "चारु", "दीपक", "ईशा", "फाल्गुनी", "गौरव", "हेमा", "इंद्र", "जया", "कबीर"],
            ["नमूना", "उदाहरण", "काल्पनिक", "परीक्षण", "मॉडल", "प्रतिरूप", "कल्पित"]
        ),
    ];

    public static SeedFile Of(string tenant, int users) =>
        new()
        {
            Tenants =
            [
                new SeedTenant
                {
                    Name = tenant,
                    Organizations =
                    [
                        .. Organizations.Select(
                            (organization, i) =>
                                new SeedOrganization
                                {
                                    Code = organization.Code,
                                    Name = organization.Name,
                                    Description = "Made by gatehouse seed demo.",
                                    Related = i % 2 == 0 ? [Organizations[i + 1].Code] : null,
                                    Roles =
                                        i == 0
                                            ?
                                            [
                                                Role(
                                                    "demo-head-teacher",
                                                    ["Head teacher", "Directora", "प्रधानाध्यापक"],
                                                    ["members:write", "users:read"]
                                                ),
                                            ]
                                            : null,
                                }
                        ),
                    ],
                    Roles =
                    [
                        Role(Helpdesk, ["Help desk", "Asistencia", "सहायता केंद्र"], ["users:read", "users:write", "organizations:read"]),
                        Role(Registrar, ["Registrar", "Secretaría", "पंजीयक"], ["users:read", "organizations:read", "members:write"]),
                        Role(Librarian, ["Librarian", "Bibliotecario", "पुस्तकालयाध्यक्ष"], []),
                    ],
                    Users = [.. Enumerable.Range(1, users).Select(User)],
                },
            ],
        };

    /// <summary>What a user of the file asks for, if it is one of those that do.</summary>
    public static (string Role, string Organization)? RequestOf(int number) =>
        number % 20 == 7 ? (Registrar, Organizations[(number + 3) % Organizations.Length].Code) : null;

    private static SeedUser User(int number)
    {
        var (language, given, family) = Names[number % Names.Length];
        var home = Organizations[number / Names.Length % Organizations.Length].Code;
        var id = number.ToString("D5", CultureInfo.InvariantCulture);
        return new SeedUser
        {
            Email = $"demo-{id}@example.com",
            Name = $"{given[number / 3 % given.Length]} {family[number / 33 % family.Length]}",
            Username = $"demo-{id}",
            Language = language,
            // Nobody signs in, and no mail leaves.
            SendEmail = false,
            Roles = number % 50 == 11 ? [Registrar] : null,
            Memberships = number % 10 == 9 ? null : [Membership(number, home)],
        };
    }

    private static SeedMembership Membership(int number, string home) =>
        new()
        {
            Organization = home,
            Roles =
                number % 25 == 1 ? [Administrator]
                : number % 12 == 2 ? [Helpdesk]
                : number % 9 == 3 ? [Librarian]
                : null,
        };

    private static SeedRole Role(string name, string[] labels, string[] permissions) =>
        new()
        {
            Name = name,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["en"] = labels[0],
                ["es"] = labels[1],
                ["hi"] = labels[2],
            },
            Permissions = permissions,
        };
}
