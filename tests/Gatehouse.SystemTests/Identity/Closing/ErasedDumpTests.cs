using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Gatehouse.Development.Postgres;
using Gatehouse.Encryption;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.Identity.Exports;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.SystemTests.Identity.Passkeys;
using Gatehouse.SystemTests.OpenId.SignIn;
using Gatehouse.SystemTests.Webhooks;
using Gatehouse.Tests.Identity.Files;
using Npgsql;

namespace Gatehouse.SystemTests.Identity.Closing;

/// <summary>What can be read of an erased user in a dump from before, whose key is gone, and in what is left behind.</summary>
public sealed class ErasedDumpTests
{
    private static readonly string[] Links = ["https://quixlink.example.com"];
    private const string GivenName = "Zebulon";
    private const string FamilyName = "Quixfarthing";
    private const string Username = "zq-harbour";
    private const string FormerUsername = "zq-lantern";
    private const string Agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) AppleWebKit/605.1.15 Safari/604.1 Quixagent/1";
    private const string Address = "203.0.113.77";

    /// <summary>Of development; it stands for the world outside, where messages have arrived.</summary>
    private const string Mailbox = "notifications.inbox_messages";

    [Fact]
    public async Task A_dump_from_before_tells_names_alone_and_nothing_tells_anything_afterwards()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith(503);
        await using var app = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Proxies:Trusted"] = "127.0.0.1",
                ["Files:Local:Folder"] = folder.FullPath,
            }
        );
        var administrator = await app.TenantAdministratorAsync();
        // Somebody else is told of everything, and does not take it.
        await app.WebhookAsync(administrator, receiver.Url);
        var (user, secrets) = await FullAsync(app, administrator);
        await app.QuietAsync();

        var before = await DumpAsync(app.Databases.Main);

        foreach (var secret in secrets)
            Assert.Equal((secret, ""), (secret, before.TablesWith(secret)));
        foreach (var name in new[] { GivenName, FamilyName, Username })
            Assert.Equal((name, "identity.users"), (name, before.TablesWith(name)));
        Assert.Equal("identity.former_usernames", before.TablesWith(FormerUsername));
        Assert.Contains(user.ToString(), await KeysAsync(app), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(folder.FullPath, "*", SearchOption.AllDirectories));

        var erased = await app.CallAsync(HttpMethod.Post, $"/v1/users/{user}/erase", administrator, new { reason = "requested" });

        Assert.Equal(HttpStatusCode.NoContent, erased.Status);
        await app.QuietAsync();
        Assert.DoesNotContain(user.ToString(), await KeysAsync(app), StringComparison.Ordinal);
        Assert.Null(await app.Services.GetRequiredService<SubjectKeys>().FindAsync(user, CancellationToken.None));
        var after = await DumpAsync(app.Databases.Main);
        foreach (var text in secrets.Concat([GivenName, FamilyName, Username, FormerUsername]))
        {
            Assert.Equal((text, ""), (text, after.TablesWith(text)));
            // The way to the mailbox of development names the address, which only tests go.
            Assert.DoesNotContain(
                app.Logs.Lines,
                line =>
                    line.Contains(text, StringComparison.OrdinalIgnoreCase) && !line.Contains("/inbox/messages", StringComparison.Ordinal)
            );
        }

        Assert.Empty(Directory.GetFiles(folder.FullPath, "*", SearchOption.AllDirectories));
    }

    /// <summary>Somebody who left something in every table that takes something.</summary>
    /// <returns>Whatever of it nobody may read, names excepted.</returns>
    private static async Task<(Guid User, IReadOnlyList<string> Secrets)> FullAsync(TestApp app, SignedIn administrator)
    {
        var place = ("X-Forwarded-For", Address);
        var agent = ("User-Agent", Agent);
        var former = TestUsers.NewEmail();
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(former, ("username", Username)), place, agent);
        var code = (await app.Users.LetterAsync(former)).Code;
        var verified = await app.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code }, place, agent);
        var user = verified.SignedIn(former);
        await ChangeAsync(app, user, new { username = FormerUsername });
        await ChangeAsync(
            app,
            user,
            new
            {
                username = Username,
                name = $"{GivenName} {FamilyName}",
                givenName = GivenName,
                familyName = FamilyName,
                title = "Quixtitle",
                about = "Counts with quixabout engines.",
                birthDate = "1931-03-19",
                website = "https://quixsite.example.com",
                links = Links,
            }
        );
        var phone = await app.WithPhoneAsync(user);
        var (email, pendingPhone) = (TestUsers.NewEmail(), TestUsers.NewPhone());
        await app.ChangedEmailAsync(user, former, email, number: 3);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskPhoneAsync(user, pendingPhone)).Status);
        using var device = new SoftwareAuthenticator();
        var options = await app.CreationOptionsAsync(user);
        var passkey = await app.AddAsync(user, options.Ceremony(), device.Create(options.PublicKey()), "Quixkey");
        Assert.Equal(HttpStatusCode.Created, passkey.Status);
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(user, TestPictures.RedAndBlue(60, 60))).Status);
        await app.ExportAsync(user);
        var (organization, _) = await app.OrganizationAsync(administrator);
        var request = new
        {
            roleId = Gatehouse.Organizations.Data.BuiltInRole.OrganizationAdministrator.Id,
            organizationId = organization,
            form = new { experience = "Quixform years" },
        };
        Assert.Equal(HttpStatusCode.Created, (await app.CallAsync(HttpMethod.Post, "/v1/role-requests", user, request)).Status);
        await app.Users.AddTotpAsync(user.Tokens);
        await app.Users.SignInAsync(email, "a wrong umbrella on the hill", place, agent);
        await app.Users.SignInAsync(email, headers: [place, agent]);
        await app.Users.AskResetAsync(email, place, agent);
        // An application names the user, who is not signed in there yet.
        var shop = await app.ApplicationAsync(administrator);
        using var browser = new Browser(app);
        await browser.GetAsync(shop.Request(("login_hint", email)));
        var reason = new { reason = "Quixreason was seen at the pool" };
        await app.AssertDoneAsync(HttpMethod.Post, $"/v1/users/{user.UserId}/disable", administrator, reason);
        string[] secrets =
        [
            .. new[] { former, email, Address, "1931-03-19" },
            // A plus is escaped in some places.
            .. new[] { phone[1..], pendingPhone[1..] },
            .. new[] { "Quixtitle", "quixabout", "quixsite", "quixlink", "Quixkey", "Quixform", "Quixreason", "Quixagent" },
        ];
        return (user.UserId, secrets);
    }

    private static async Task ChangeAsync(TestApp app, SignedIn user, object change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/me") { Content = JsonContent.Create(change) };
        request.Headers.TryAddWithoutValidation(user.Tokens.Header.Name, user.Tokens.Header.Value);
        var changed = await app.Users.SendAsync(request);
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Text);
    }

    private static Task<string> KeysAsync(TestApp app) => PgDumpAsync(app.Databases.Keys);

    private static async Task<Dump> DumpAsync(string connection) => Dump.Parse(await PgDumpAsync(connection));

    /// <summary>As operators make it, in plain text.</summary>
    private static async Task<string> PgDumpAsync(string connection)
    {
        var server = new NpgsqlConnectionStringBuilder(connection);
        var programs = PostgresPrograms.Choose(await PostgresPrograms.FindAsync(CancellationToken.None), clusterMajor: null)!;
        string[] arguments =
        [
            "-h",
            server.Host!,
            "-p",
            server.Port.ToString(CultureInfo.InvariantCulture),
            "-U",
            server.Username!,
            server.Database!,
        ];
        var dump = await PostgresAccount.RunAsSelfAsync(Path.Combine(programs.Folder, "pg_dump"), arguments, CancellationToken.None);
        Assert.True(dump.Succeeded, dump.Output);
        return dump.Output;
    }

    /// <summary>The rows of a dump by their tables.</summary>
    private sealed class Dump
    {
        private readonly Dictionary<string, StringBuilder> tables = new(StringComparer.Ordinal);

        public static Dump Parse(string text)
        {
            var dump = new Dump();
            StringBuilder? rows = null;
            foreach (var line in text.Split('\n'))
            {
                if (line == "\\.")
                    rows = null;
                else if (rows is not null)
                    rows.AppendLine(line);
                else if (line.StartsWith("COPY ", StringComparison.Ordinal))
                    dump.tables[line.Split(' ')[1]] = rows = new StringBuilder();
            }

            return dump;
        }

        /// <summary>Those in which the text stands as it is, as bytes or in base64.</summary>
        public string TablesWith(string text)
        {
            var forms = FormsOf(text);
            return string.Join(
                ' ',
                from table in tables
                where table.Key != Mailbox
                let rows = table.Value.ToString()
                where forms.Any(form => rows.Contains(form.Text, form.Comparison))
                orderby table.Key
                select table.Key
            );
        }

        private static IReadOnlyList<(string Text, StringComparison Comparison)> FormsOf(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            return
            [
                (text, StringComparison.OrdinalIgnoreCase),
                (Convert.ToHexStringLower(bytes), StringComparison.Ordinal),
                .. Enumerable.Range(0, 3).Select(at => (InBase64(bytes, at), StringComparison.Ordinal)),
            ];
        }

        /// <summary>Without the characters that are shared with what stands before and after it.</summary>
        private static string InBase64(byte[] bytes, int before)
        {
            var all = Convert.ToBase64String([.. new byte[before], .. bytes]);
            return all[(((before * 8) + 5) / 6)..((before + bytes.Length) * 8 / 6)];
        }
    }
}
