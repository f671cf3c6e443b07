using System.Buffers.Text;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Files;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Exports;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.SystemTests.Identity.Passkeys;
using Gatehouse.Tests.Identity.Files;
using Gatehouse.Web;
using Gatehouse.Web.Exports;
using Npgsql;

namespace Gatehouse.SystemTests.Identity.Exports;

/// <summary>A signed-in user is given everything that is held about them.</summary>
public sealed class ExportTests(RunningApp running)
{
    // Tables with a user_id of which nothing is given, and why.
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["identity.identifiers"] = "fingerprints by which the contact data of the account is found",
        ["identity.memberships"] = "a copy of what organizations hold, for tokens",
        ["identity.challenges"] = "a sign-in that goes on, for minutes; its attempts stand in the activity",
        ["identity.passkey_ceremonies"] = "what a browser was asked to sign, for minutes",
        ["identity.exports"] = "the export itself",
        ["identity.erased_users"] = "who is in it has no account",
    };

    private readonly TestApp app = running.App;

    [Fact]
    public async Task Every_table_of_users_is_exported_or_left_out_for_a_reason()
    {
        var statements = string.Join('\n', app.Services.GetServices<ExportedRows>().Select(rows => rows.Statement));
        var tables = await app.ScalarAsync<string[]>(
            """
            select array_agg(n.nspname || '.' || c.relname)
              from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
             where c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'user_id' and not a.attisdropped
            """
        );

        var missing = tables.Where(table => !Regex.IsMatch(statements, $@"\b{Regex.Escape(table)}\b"));

        Assert.Equal(LeftOut.Keys.Order(StringComparer.Ordinal), missing.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_file_has_a_name_of_its_own_and_says_what_is_in_it_in_every_language()
    {
        var rows = app.Services.GetServices<ExportedRows>().ToList();
        var texts = app.Services.GetRequiredService<MessageCatalog>();

        Assert.Equal(rows.Count, rows.Select(one => one.Name).Distinct(StringComparer.Ordinal).Count());
        foreach (var language in Languages.All)
            Assert.Empty(rows.Select(one => one.Text).Except(texts.Codes(language)));
    }

    [Fact]
    public async Task Everything_about_the_user_is_there_and_no_secret()
    {
        var person = await app.Users.SomebodyAsync(username: "export-" + TestUsers.NewPhone()[1..]);
        var other = await app.Users.SomebodyAsync();
        using var device = new SoftwareAuthenticator();
        var passkey = await app.AddedAsync(person, device);
        var phone = await app.WithPhoneAsync(person);
        var former = person.Email;
        var (email, pending) = (TestUsers.NewEmail(), TestUsers.NewPhone());
        await app.ChangedEmailAsync(person, former, email, number: 3);
        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.AskPhoneAsync(person, pending)).Status);
        var admin = await app.TenantAdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(admin);
        var asked = await app.Users.SendAsync(
            HttpMethod.Post,
            "/v1/role-requests",
            person,
            new
            {
                roleId = BuiltInRole.OrganizationAdministrator.Id,
                organizationId = organization,
                form = new { experience = "Ten years" },
            }
        );
        Assert.True(asked.Status == HttpStatusCode.Created, asked.Text);
        var request = asked.Body.GetProperty("id").GetGuid();
        await app.Users.SendAsync(
            HttpMethod.Post,
            $"/v1/role-requests/{request}/review",
            admin,
            new { state = "approved", comment = "Welcome aboard" }
        );
        var (authenticator, recovery) = await app.Users.AddTotpAsync(person.Tokens);
        // The user proves it once more, with both.
        var challenge = await app.Users.ChallengedAsync(email);
        person = person with { Tokens = (await app.Users.AnswerChallengeAsync(challenge, "totp", authenticator.Code())).Tokens() };

        var answer = await app.DownloadAsync(person, await app.ExportAsync(person));

        Assert.Equal(
            ("application/zip", "attachment; filename=my-data.zip; filename*=UTF-8''my-data.zip", "no-store", "nosniff"),
            (
                answer.Header("Content-Type"),
                answer.Header("Content-Disposition"),
                answer.Header("Cache-Control"),
                answer.Header("X-Content-Type-Options")
            )
        );
        var files = await ExportCalls.FilesOfAsync(await answer.Response.Content.ReadAsByteArrayAsync());
        Assert.Equal(
            app.Services.GetServices<ExportedRows>().Select(rows => rows.Name + ".json").Append("README.txt").Order(StringComparer.Ordinal),
            files.Keys.Order(StringComparer.Ordinal)
        );
        var account = Assert.Single(files.Rows("account"));
        Assert.Equal(
            (person.UserId, "Ada", email, phone, pending),
            (
                account.GetProperty("id").GetGuid(),
                account.Text("name"),
                account.Text("email"),
                account.Text("phone"),
                account.Text("pendingPhone")
            )
        );
        Assert.True(account.GetProperty("hasPassword").GetBoolean());
        Assert.Equal(former, Assert.Single(files.Rows("former-addresses")).Text("email"));
        Assert.Contains(files.Rows("sessions"), row => row.GetProperty("id").GetGuid() == person.Tokens.SessionId);
        Assert.Equal(10, files.Rows("second-factors").Count(row => row.Text("kind") == "recovery-code"));
        Assert.Single(files.Rows("second-factors"), row => row.Text("kind") == "totp");
        var key = Assert.Single(files.Rows("passkeys"));
        Assert.Equal((passkey, "Phone"), (key.GetProperty("id").GetGuid(), key.Text("name")));
        Assert.Equal("North School", Assert.Single(files.Rows("memberships")).Text("organization"));
        Assert.Contains(files.Rows("roles"), row => row.GetProperty("roleId").GetGuid() == BuiltInRole.OrganizationAdministrator.Id);
        var content = Assert.Single(files.Rows("role-requests")).GetProperty("content");
        Assert.Equal("Ten years", content.GetProperty("form").Text("experience"));
        Assert.Equal("Welcome aboard", content.GetProperty("comments")[0].Text("text"));
        Assert.Contains(files.Rows("activity"), row => row.Text("action") == "export.requested" && row.GetProperty("byYou").GetBoolean());
        Assert.Contains(files.Rows("activity"), row => row.Text("action") == "role.assigned" && !row.GetProperty("byYou").GetBoolean());

        var all = string.Concat(files.Values);
        foreach (var foreign in new[] { other.UserId, admin.UserId, admin.Tokens.SessionId, other.Tokens.SessionId })
            Assert.DoesNotContain($"{foreign}", all, StringComparison.OrdinalIgnoreCase);
        foreach (
            var secret in (await SecretsAsync(person.UserId)).Concat(recovery).Append(TestUsers.Password).Append(person.Tokens.Refresh)
        )
            Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Parallel_requests_and_later_ones_get_the_same_export_and_a_canceled_one_gives_way()
    {
        var person = await app.Users.SomebodyAsync();
        await using (await HeldExports.BeginAsync(app, person.UserId))
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.AskExportAsync(person)));
            Assert.All(answers, answer => Assert.True(answer.Status == HttpStatusCode.Accepted, answer.Text));
            var held = Assert.Single(answers.Select(answer => answer.Body.GetProperty("id").GetGuid()).Distinct());
            Assert.Equal(HttpStatusCode.NotFound, (await app.DownloadAsync(person, held)).Status);
            await app.Users.SendAsync(HttpMethod.Post, $"/v1/operations/{held}/cancel", person);
        }

        var made = await app.ExportAsync(person);

        var again = await app.AskExportAsync(person);
        Assert.Equal((made, "succeeded"), (again.Body.GetProperty("id").GetGuid(), again.Body.GetProperty("state").GetString()));
        Assert.Equal(1L, await CountAsync("select count(*) from identity.exports where user_id = $1", person.UserId));
    }

    [Fact]
    public async Task Foreign_unknown_bad_and_expired_ones_are_not_found_and_purged()
    {
        var (person, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var id = await app.ExportAsync(person);
        await app.ExportAsync(other);
        Assert.InRange(
            await app.ScalarAsync<DateTime>("select expires_at from identity.exports where user_id = $1", person.UserId)
                - app.Clock.GetUtcNow().UtcDateTime,
            TimeSpan.FromHours(23.9),
            TimeSpan.FromHours(24.01)
        );

        Assert.Equal(HttpStatusCode.OK, (await app.DownloadAsync(person, id)).Status);
        foreach (
            var (by, asked) in new[]
            {
                (other, id),
                (person, Guid.Empty),
                (person, Guid.CreateVersion7(app.Clock.GetUtcNow())),
                (person, person.UserId),
            }
        )
        {
            var answer = await app.DownloadAsync(by, asked);
            Assert.Equal((HttpStatusCode.NotFound, "identity.export-not-found"), (answer.Status, answer.Code));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await app.Users.SendAsync(HttpMethod.Get, ExportCalls.Path + "/no-id", person)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.SendAsync(HttpMethod.Get, $"{ExportCalls.Path}/{id}")).Status);
        await app.ExecuteAsync("update identity.exports set expires_at = $2 where user_id = $1", person.UserId, app.Clock.GetUtcNow());
        Assert.Equal(HttpStatusCode.NotFound, (await app.DownloadAsync(person, id)).Status);
        Assert.NotEqual(id, await app.ExportAsync(person));
        await app.ExecuteAsync("update identity.exports set expires_at = $2 where user_id = $1", person.UserId, app.Clock.GetUtcNow());
        await app.RunRecurringAsync<PurgeExports>();
        Assert.Equal(0L, await CountAsync("select count(*) from identity.exports where user_id = $1", person.UserId));
        Assert.Equal(1L, await CountAsync("select count(*) from identity.exports where user_id = $1", other.UserId));
    }

    [Fact]
    public async Task Asking_and_downloading_take_a_fresh_authentication()
    {
        var person = await app.Users.SomebodyAsync();
        var id = await app.ExportAsync(person);
        var stale = await app.StaleAsync(person);

        foreach (var answer in new[] { await app.AskExportAsync(stale), await app.DownloadAsync(stale, id) })
            Assert.Equal((HttpStatusCode.Forbidden, "identity.reauthentication-required"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task The_owner_is_told_when_it_is_made_and_first_downloaded_and_the_audit_has_each()
    {
        var person = await app.Users.SomebodyAsync();
        var id = await app.ExportAsync(person);
        Assert.Contains("was made", (await app.Users.LetterAsync(person.Email, 2)).Text, StringComparison.Ordinal);

        await app.DownloadAsync(person, id);
        await app.DownloadAsync(person, id);

        Assert.Contains("was downloaded", (await app.Users.LetterAsync(person.Email, 3)).Text, StringComparison.Ordinal);
        await app.QuietAsync();
        Assert.Equal(3, (await app.Users.LettersAsync(person.Email)).Count);
        Assert.Equal(
            "export.requested export.made export.downloaded export.downloaded",
            await app.ScalarAsync<string>(
                """
                select string_agg(action, ' ' order by id) from audit.records
                 where subject = $1 and actor = $1 and action like 'export.%'
                """,
                person.UserId
            )
        );
    }

    [Fact]
    public async Task What_is_stored_is_sealed_and_gone_with_the_users_key()
    {
        var person = await app.Users.SomebodyAsync();
        var id = await app.ExportAsync(person);
        var stored = await app.ScalarAsync<byte[]>("select content from identity.exports where user_id = $1", person.UserId);
        Assert.True(stored.AsSpan().IndexOf("README.txt"u8) < 0);
        Assert.True(stored.AsSpan().IndexOf("PK"u8) != 0);

        await app.Services.GetRequiredService<SubjectKeys>().DestroyAsync([person.UserId], CancellationToken.None);

        Assert.Equal(HttpStatusCode.NotFound, (await app.DownloadAsync(person, id)).Status);
    }

    [Fact]
    public async Task An_account_that_is_gone_meanwhile_gets_none_and_does_no_harm()
    {
        var person = await app.Users.SomebodyAsync();
        Guid operation;
        await using (await HeldExports.BeginAsync(app, person.UserId))
        {
            operation = (await app.AskExportAsync(person)).Body.GetProperty("id").GetGuid();
            await app.ExecuteAsync("delete from identity.users where id = $1", person.UserId);
        }

        await FailedAsync(operation);
        Assert.Equal(1L, await CountAsync("select count(*) from identity.exports where content is null and user_id = $1", person.UserId));
    }

    [Fact]
    public async Task An_account_that_is_closed_meanwhile_gets_none_until_it_is_opened_again()
    {
        var person = await app.Users.SomebodyAsync();
        Guid operation;
        await using (await HeldExports.BeginAsync(app, person.UserId))
        {
            operation = (await app.AskExportAsync(person)).Body.GetProperty("id").GetGuid();
            Assert.Equal(HttpStatusCode.OK, (await app.Users.SendAsync(HttpMethod.Post, "/v1/me/close", person)).Status);
        }

        await FailedAsync(operation);
        await NothingIsMadeAsync(person.UserId);
        var back = (await app.Users.SignInAsync(person.Email)).SignedIn(person.Email);
        foreach (var answer in new[] { await app.AskExportAsync(back), await app.DownloadAsync(back, operation) })
            Assert.Equal((HttpStatusCode.Forbidden, "request.account-closed"), (answer.Status, answer.Code));

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Post, "/v1/me/close/undo", back)).Status);
        back = back with { Tokens = (await app.Users.RefreshAsync(back.Tokens.Refresh)).Tokens() };
        Assert.Single((await app.FilesAsync(back, await app.ExportAsync(back))).Rows("account"));
    }

    [Fact]
    public async Task An_account_that_is_closed_while_the_file_is_made_gets_none()
    {
        var person = await app.Users.SomebodyAsync();
        Guid operation;
        await using var source = NpgsqlDataSource.Create(app.Databases.Main + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (await HeldExports.BeginAsync(app, person.UserId))
        {
            operation = (await app.AskExportAsync(person)).Body.GetProperty("id").GetGuid();
            await using var close = new NpgsqlCommand(
                "update identity.users set closed_at = now(), erase_at = now() + interval '14 days' where id = $1",
                connection
            );
            close.Parameters.Add(new NpgsqlParameter { Value = person.UserId });
            await close.ExecuteNonQueryAsync();
        }

        // The file is made, and its end waits for the user's row.
        await TestApp.EventuallyAsync(
            () =>
                app.ScalarAsync<bool>(
                    "select exists (select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))",
                    connection.ProcessID
                ),
            "the job waits"
        );
        await transaction.CommitAsync();

        await FailedAsync(operation);
        await NothingIsMadeAsync(person.UserId);
    }

    [Fact]
    public async Task A_user_who_is_erased_meanwhile_gets_none_and_nothing_is_left_of_it()
    {
        var (person, admin) = (await app.Users.SomebodyAsync(), await app.TenantAdministratorAsync());
        Guid operation;
        await using (await HeldExports.BeginAsync(app, person.UserId))
        {
            operation = (await app.AskExportAsync(person)).Body.GetProperty("id").GetGuid();
            await app.PostAsync($"/v1/users/{person.UserId}/erase", new { reason = "test" }, admin).DoneAsync();
        }

        await FailedAsync(operation);
        await NothingIsMadeAsync(person.UserId);
        Assert.Equal(0L, await CountAsync("select count(*) from identity.exports where user_id = $1", person.UserId));
    }

    [Fact]
    public async Task The_photo_and_the_files_that_were_uploaded_are_in_it()
    {
        var person = await app.Users.SomebodyAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(person, TestPictures.RedAndBlue(60, 60))).Status);
        var cv = await UploadedAsync(person, "My CV.pdf", "%PDF-1.7 test"u8.ToArray());
        // It was announced, and never sent.
        await app.UploadUrlAsync(person, 9);

        var answer = await app.DownloadAsync(person, await app.ExportAsync(person));

        await using var zip = new ZipArchive(await answer.Response.Content.ReadAsStreamAsync());
        Assert.Equal(60, TestPictures.Look(await BytesAsync(zip, "photo.jpg")).Width);
        Assert.Equal(
            $"files/{cv.Id}-My-CV.pdf",
            Assert.Single(zip.Entries, entry => entry.FullName.StartsWith("files/", StringComparison.Ordinal)).FullName
        );
        Assert.Equal("%PDF-1.7 test"u8.ToArray(), await BytesAsync(zip, $"files/{cv.Id}-My-CV.pdf"));
        var readme = Encoding.UTF8.GetString(await BytesAsync(zip, "README.txt"));
        Assert.Contains("photo.jpg: your photo", readme, StringComparison.Ordinal);
        Assert.Contains("files/: the files that you uploaded", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("did not fit", readme, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploaded_files_that_do_not_fit_are_named()
    {
        var person = await app.Users.SomebodyAsync();
        var noise = RandomNumberGenerator.GetBytes(150_000);
        var (first, second) = (await UploadedAsync(person, "a.pdf", noise), await UploadedAsync(person, "b.pdf", noise));
        var small = await UploadedAsync(person, "c.pdf", "%PDF-1.7 test"u8.ToArray());

        var made = await MakeAsync(person, "select 1 as one where @tenant <> @user", max: 500_000);

        var files = await ExportCalls.FilesOfAsync(made.Value.ToArray());
        Assert.Equal(
            ["README.txt", $"files/{first.Id}-a.pdf", $"files/{small.Id}-c.pdf", "noise.json"],
            files.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Contains("did not fit", files["README.txt"], StringComparison.Ordinal);
        Assert.Contains($"files/{second.Id}-b.pdf", files["README.txt"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_died_in_the_middle_is_done_again()
    {
        var person = await app.Users.SomebodyAsync();
        Guid operation;
        await using (await HeldExports.BeginAsync(app, person.UserId))
        {
            operation = (await app.AskExportAsync(person)).Body.GetProperty("id").GetGuid();
            // As the first run left it.
            await app.ExecuteAsync(
                "update runtime.operations set state = 'running', started_at = created_at, done = 3, total = 9 where id = $1",
                operation
            );
            await app.ExecuteAsync("update runtime.jobs set attempts = 1 where id = $1", operation);
        }

        Assert.Equal(operation, await app.ExportAsync(person));
        Assert.Single((await app.FilesAsync(person, operation)).Rows("account"));
    }

    [Fact]
    public async Task More_than_a_file_may_have_is_said_and_bytes_that_nobody_named_never_leave()
    {
        var person = await app.Users.SomebodyAsync();

        var large = await MakeAsync(person, "select md5(n::text) as noise from generate_series(1, 5000) n where @tenant <> @user");
        Assert.Equal("identity.export-too-large", large.Error?.Code);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            MakeAsync(person, "select password_hash::bytea from identity.users where tenant_id = @tenant and id = @user")
        );
    }

    [Theory]
    [InlineData("en", "copy of everything held about you")]
    [InlineData("es", "copia de todo lo que se guarda sobre ti")]
    [InlineData("hi", "आपके बारे में रखी हर चीज़ की प्रति")]
    public async Task The_readme_is_in_the_users_language(string language, string words)
    {
        var person = await app.Users.SomebodyAsync();
        var changed = await app.Users.SendAsync(HttpMethod.Patch, "/v1/me", person, new { preferredLanguage = language });
        Assert.True(changed.Status == HttpStatusCode.OK, changed.Text);

        var readme = (await app.FilesAsync(person, await app.ExportAsync(person)))["README.txt"];

        Assert.Contains(words, readme, StringComparison.Ordinal);
        Assert.Contains("sessions.json: ", readme, StringComparison.Ordinal);
        Assert.DoesNotContain("page.export", readme, StringComparison.Ordinal);
    }

    /// <summary>Texts of all that is stored of the user and that is nobody's business.</summary>
    private async Task<IReadOnlyList<string>> SecretsAsync(Guid user)
    {
        string[] columns =
        [
            "select convert_to(password_hash, 'UTF8') from identity.users where id = $1",
            "select seed from identity.sessions where user_id = $1 limit 1",
            "select secret from identity.totp where user_id = $1",
            "select code_hash from identity.recovery_codes where user_id = $1 limit 1",
            "select credential_id from identity.passkeys where user_id = $1",
            "select public_key from identity.passkeys where user_id = $1",
            "select blind_index from identity.identifiers where user_id = $1 limit 1",
        ];
        var secrets = new List<string>();
        foreach (var column in columns)
        {
            var bytes = await app.ScalarAsync<byte[]>(column, user);
            Assert.NotEmpty(bytes);
            secrets.AddRange([Convert.ToBase64String(bytes), Base64Url.EncodeToString(bytes), Convert.ToHexString(bytes)]);
            if (column.Contains("password_hash", StringComparison.Ordinal))
                secrets.Add(Encoding.UTF8.GetString(bytes));
        }

        return secrets;
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> MakeAsync(SignedIn person, string sql, int max = 50_000)
    {
        var tenant = Guid.Parse(person.Tokens.Claims.GetProperty("tid").GetString()!);
        var key = (await app.Services.GetRequiredService<SubjectKeys>().FindAsync(person.UserId, CancellationToken.None))!;
        var database = app.Services.GetRequiredService<Database>();
        var user = (await database.QueryAsync(db => StoredUser.FindAsync(db, tenant, person.UserId), CancellationToken.None))!;
        var rows = new ExportedRows
        {
            Name = "noise",
            Text = "noise",
            Statement = sql,
        };
        var (store, texts) = (app.Services.GetRequiredService<FileStore>(), app.Services.GetRequiredService<MessageCatalog>());
        var file = new ExportFile(database, [rows], store, texts, app.Clock) { MaxSize = max };
        return await file.MakeAsync(user, key, (_, _) => Task.CompletedTask, CancellationToken.None);
    }

    private async Task<FileKey> UploadedAsync(SignedIn person, string name, byte[] content)
    {
        var upload = (await app.UploadUrlAsync(person, content.Length, name)).Body;
        Assert.Equal(200, await Photos.UploadAsync(app.Http, upload, content, Photos.Local(upload.GetProperty("url").GetString()!)));
        return FileKey.Parse(upload.GetProperty("key").GetString())!;
    }

    private static async Task<byte[]> BytesAsync(ZipArchive zip, string name)
    {
        await using var content = await zip.GetEntry(name)!.OpenAsync();
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private Task FailedAsync(Guid operation) =>
        TestApp.EventuallyAsync(
            () => app.ScalarAsync<bool>("select state = 'failed' from runtime.operations where id = $1", operation),
            "the end of the operation"
        );

    private async Task NothingIsMadeAsync(Guid user)
    {
        Assert.Equal(0L, await CountAsync("select count(*) from identity.exports where content is not null and user_id = $1", user));
        Assert.Equal(0L, await CountAsync("select count(*) from audit.records where action = 'export.made' and subject = $1", user));
    }

    private Task<long> CountAsync(string sql, Guid user) => app.ScalarAsync<long>(sql, user);
}
