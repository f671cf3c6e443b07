using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Files;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Files;

/// <summary>Files at signed addresses of this server itself.</summary>
[Collection<MovedTime>]
public sealed class FileUrlTests(RunningApp running)
{
    private static readonly byte[] Content = "%PDF-1.7 test"u8.ToArray();

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_file_is_sent_to_its_address_and_read_by_its_user_and_who_may_see_the_user()
    {
        var (ada, ben, admin) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync(), await app.TenantAdministratorAsync());
        var upload = (await app.UploadUrlAsync(ada, Content.Length, "../../My CV (1).pdf")).Body;
        var key = upload.GetProperty("key").GetString()!;
        Assert.Matches($"^users/{ada.UserId}/[0-9a-f-]{{36}}-My-CV-1.pdf$", key);
        Assert.Equal("PUT", upload.GetProperty("method").GetString());

        // It has not arrived.
        Assert.Equal(["keys[0]: identity.file-not-found"], (await app.DownloadUrlsAsync(ada, key)).Errors);
        Assert.Equal(200, await Photos.UploadAsync(app.Http, upload, Content, Url(upload)));

        foreach (var reader in new[] { ada, admin })
        {
            var file = (await app.DownloadUrlsAsync(reader, key)).Body.GetProperty("files")[0];
            var read = await app.ReadAsync(file.GetProperty("url").GetString()!);
            Assert.Equal((200, "application/pdf"), (read.Status, read.Type));
            Assert.Equal(Content, read.Content);
        }

        Assert.Equal(
            ["keys[1]: identity.file-not-found"],
            (
                await app.DownloadUrlsAsync(ada, key, key.Replace(ada.UserId.ToString(), ben.UserId.ToString(), StringComparison.Ordinal))
            ).Errors
        );
        Assert.Equal(["keys[0]: identity.file-not-found"], (await app.DownloadUrlsAsync(ben, key)).Errors);
    }

    [Fact]
    public async Task What_a_browser_would_run_is_saved_and_not_shown()
    {
        var ada = await app.Users.SomebodyAsync();
        Assert.Equal(["contentType: request.unknown-value"], (await app.UploadUrlAsync(ada, 5, "a.html", "text/html")).Errors);
        Assert.Equal(["contentType: request.unknown-value"], (await app.UploadUrlAsync(ada, 5, "a.svg", "image/svg+xml")).Errors);
        var upload = (await app.UploadUrlAsync(ada, Content.Length, "a.txt", "text/plain")).Body;
        await Photos.UploadAsync(app.Http, upload, Content, Url(upload));
        var file = (await app.DownloadUrlsAsync(ada, upload.GetProperty("key").GetString()!)).Body.GetProperty("files")[0];

        using var answer = await app.Http.GetAsync(new Uri(Photos.Local(file.GetProperty("url").GetString()!), UriKind.Relative));

        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
    }

    [Fact]
    public async Task What_cannot_be_uploaded_is_named_with_all_errors()
    {
        var ada = await app.Users.SomebodyAsync();
        Assert.Equal(
            ["contentType: request.required", "fileName: request.required", "purpose: request.required", "size: request.required"],
            (await app.Users.SendAsync(HttpMethod.Post, "/v1/files/upload-urls", ada, new { })).Errors.Order(StringComparer.Ordinal)
        );
        foreach (var size in new[] { 0, -1, (20L * 1024 * 1024) + 1, long.MaxValue })
            Assert.Equal(["size: request.out-of-range"], (await app.UploadUrlAsync(ada, size)).Errors);
        Assert.Equal(["purpose: request.unknown-value"], (await app.UploadUrlAsync(ada, 1, purpose: "photo")).Errors);
        Assert.Equal(["fileName: request.too-long"], (await app.UploadUrlAsync(ada, 1, new string('a', 256))).Errors);
        Assert.Equal(["keys: request.required"], (await app.DownloadUrlsAsync(ada)).Errors);
        Assert.Equal(["keys: request.out-of-range"], (await app.DownloadUrlsAsync(ada, [.. Enumerable.Repeat("users/x", 101)])).Errors);
    }

    [Fact]
    public async Task Only_what_was_announced_is_taken()
    {
        var ada = await app.Users.SomebodyAsync();
        var upload = (await app.UploadUrlAsync(ada, Content.Length)).Body;

        Assert.Equal(415, await Photos.UploadAsync(app.Http, upload, Content, Url(upload), "text/html"));
        Assert.Equal(413, await Photos.UploadAsync(app.Http, upload, [.. Content, 1], Url(upload)));
        Assert.Equal(400, await Photos.UploadAsync(app.Http, upload, Content[1..], Url(upload)));
        Assert.Empty(Photos.InFolder(ada.UserId));
    }

    [Fact]
    public async Task An_altered_or_expired_address_leads_nowhere()
    {
        var (ada, ben) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var upload = (await app.UploadUrlAsync(ada, Content.Length)).Body;
        var url = Url(upload);
        var altered = new[]
        {
            url.Replace(ada.UserId.ToString(), ben.UserId.ToString(), StringComparison.Ordinal),
            url.Replace("cv.pdf", "cw.pdf", StringComparison.Ordinal),
            url.Replace("application%2Fpdf", "text%2Fplain", StringComparison.Ordinal),
            url.Replace("size=13", "size=14", StringComparison.Ordinal),
            Regex.Replace(url, "expires=[0-9]+", "expires=99999999999"),
            Regex.Replace(url, "signature=.*", "signature="),
            Regex.Replace(url, "&signature=.*", ""),
            Regex.Replace(url, "signature=.", "signature=_"),
            "/files/users/..%2f..%2f..%2fetc%2fpasswd?type=text%2Fplain&size=0&expires=99999999999&signature=x",
            "/files/%2e%2e/%2e%2e/etc/passwd?type=text%2Fplain&size=0&expires=99999999999&signature=x",
        };
        foreach (var address in altered)
        {
            Assert.NotEqual(url, address);
            Assert.True(await Photos.UploadAsync(app.Http, upload, Content, address) is 400 or 404, address);
        }

        // An address for sending is none for reading, and the other way round.
        await Photos.UploadAsync(app.Http, upload, Content, url);
        Assert.Equal(404, (await app.ReadAsync(upload.GetProperty("url").GetString()!)).Status);
        var file = (await app.DownloadUrlsAsync(ada, upload.GetProperty("key").GetString()!)).Body.GetProperty("files")[0];
        var read = file.GetProperty("url").GetString()!;
        Assert.Equal(404, await Photos.UploadAsync(app.Http, upload, Content, Photos.Local(read)));

        Assert.Equal(200, (await app.ReadAsync(read)).Status);
        app.Clock.Advance(TimeSpan.FromSeconds(901));
        Assert.Equal(404, (await app.ReadAsync(read)).Status);
        Assert.Equal(404, await Photos.UploadAsync(app.Http, upload, Content, url));
    }

    [Fact]
    public async Task What_nobody_asked_for_is_removed_and_what_somebody_did_stays()
    {
        var ada = await app.Users.SomebodyAsync();
        var (kept, left) = ((await app.UploadUrlAsync(ada, Content.Length)).Body, (await app.UploadUrlAsync(ada, Content.Length)).Body);
        foreach (var upload in new[] { kept, left })
            await Photos.UploadAsync(app.Http, upload, Content, Url(upload));
        var key = kept.GetProperty("key").GetString()!;
        await app.DownloadUrlsAsync(ada, key);
        Assert.Equal(2, Photos.InFolder(ada.UserId).Length);

        app.Clock.Advance(TimeSpan.FromHours(25));
        await app.RunRecurringAsync<RemoveUnkeptFiles>();

        var again = (await app.Users.SignInAsync(ada.Email)).SignedIn(ada.Email);
        Assert.Equal(
            ["keys[0]: identity.file-not-found"],
            (await app.DownloadUrlsAsync(again, left.GetProperty("key").GetString()!)).Errors
        );
        Assert.Equal(HttpStatusCode.OK, (await app.DownloadUrlsAsync(again, key)).Status);
        Assert.Single(Photos.InFolder(ada.UserId));

        await app.Services.GetRequiredService<UserFiles>().RemoveAllAsync(await TenantAsync(ada), ada.UserId, CancellationToken.None);
        Assert.Empty(Photos.InFolder(ada.UserId));
        Assert.Equal(["keys[0]: identity.file-not-found"], (await app.DownloadUrlsAsync(again, key)).Errors);
    }

    [Fact]
    public async Task A_file_of_another_size_than_was_announced_is_not_found_and_removed()
    {
        var ada = await app.Users.SomebodyAsync();
        var key = (await app.UploadUrlAsync(ada, Content.Length)).Body.GetProperty("key").GetString()!;
        // As a store leaves it whose addresses state no size.
        var path = Path.Combine(TestApp.FilesFolder, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        foreach (var sent in new byte[][] { [.. Content, 1], Content[1..], [] })
        {
            await File.WriteAllBytesAsync(path, sent);
            Assert.Equal(["keys[0]: identity.file-not-found"], (await app.DownloadUrlsAsync(ada, key)).Errors);
            Assert.Empty(Photos.InFolder(ada.UserId));
        }

        // Its address is still good.
        await File.WriteAllBytesAsync(path, Content);
        Assert.Equal(HttpStatusCode.OK, (await app.DownloadUrlsAsync(ada, key)).Status);
    }

    [Fact]
    public async Task What_is_sent_after_erasing_to_addresses_from_before_is_removed()
    {
        var (ada, admin) = (await app.Users.SomebodyAsync(), await app.TenantAdministratorAsync());
        var (open, kept) = ((await app.UploadUrlAsync(ada, Content.Length)).Body, (await app.UploadUrlAsync(ada, Content.Length)).Body);
        await Photos.UploadAsync(app.Http, kept, Content, Url(kept));
        Assert.Equal(HttpStatusCode.OK, (await app.DownloadUrlsAsync(ada, kept.GetProperty("key").GetString()!)).Status);
        await app.PostAsync($"/v1/users/{ada.UserId}/erase", new { reason = "test" }, admin).DoneAsync();
        await app.QuietAsync();
        Assert.Empty(Photos.InFolder(ada.UserId));

        // A store looks at the signature alone.
        foreach (var upload in new[] { open, kept })
            Assert.Equal(200, await Photos.UploadAsync(app.Http, upload, Content, Url(upload)));
        Assert.Equal(2, Photos.InFolder(ada.UserId).Length);
        app.Clock.Advance(TimeSpan.FromDays(8));
        await app.RunRecurringAsync<RemoveUnkeptFiles>();

        Assert.Empty(Photos.InFolder(ada.UserId));
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from identity.files where user_id = $1", ada.UserId));
    }

    private Task<Guid> TenantAsync(SignedIn user) =>
        app.ScalarAsync<Guid>("select tenant_id from identity.users where id = $1", user.UserId);

    private static string Url(System.Text.Json.JsonElement upload) => Photos.Local(upload.GetProperty("url").GetString()!);
}
