using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Tests.Identity.Files;
using SkiaSharp;

namespace Gatehouse.SystemTests.Identity.Files;

public sealed class PhotoTests(RunningApp running)
{
    private const int Limit = 2 * 1024 * 1024;

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_user_sets_replaces_and_removes_the_own_photo()
    {
        var ada = await app.Users.SomebodyAsync();
        Assert.Equal(Photos.Nobody, await app.PictureAsync(ada));
        Assert.Equal((200, "image/svg+xml"), await StatusAsync(Photos.Nobody));

        var set = await app.SetPhotoAsync(ada, TestPictures.RedAndBlue(900, 600));
        Assert.Equal(HttpStatusCode.OK, set.Status);
        Assert.True(set.Body.GetProperty("hasPhoto").GetBoolean());
        var first = set.Body.GetProperty("picture").GetString()!;
        Assert.Equal((200, "image/jpeg"), await StatusAsync(first));

        await app.SetPhotoAsync(ada, TestPictures.RedAndBlue(90, 60, SKEncodedImageFormat.Png), "image/png");
        var second = await app.PictureAsync(ada);
        var look = TestPictures.Look((await app.ReadAsync(second)).Content);
        Assert.Equal((60, 60), (look.Width, look.Height));
        Assert.Equal(404, (await StatusAsync(first)).Status);
        Assert.Single(Photos.InFolder(ada.UserId));

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/photo", ada)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Delete, "/v1/me/photo", ada)).Status);
        Assert.Equal(Photos.Nobody, await app.PictureAsync(ada));
        Assert.Equal(404, (await StatusAsync(second)).Status);
        Assert.Empty(Photos.InFolder(ada.UserId));
        Assert.Equal(0, await RowsAsync(ada));
        Assert.Equal(3, await RecordsAsync(ada, ada));
        Assert.Equal(
            3,
            await app.ScalarAsync<long>("select count(*) from runtime.events where key = $1 and type = 'user.updated.v1'", ada.UserId)
        );
    }

    [Fact]
    public async Task Pages_of_other_sites_may_show_it_and_nothing_else_may_be_done_with_it()
    {
        var ada = await app.Users.SomebodyAsync();
        await app.SetPhotoAsync(ada, TestPictures.RedAndBlue(60, 60));

        using var answer = await app.Http.GetAsync(new Uri(Photos.Local(await app.PictureAsync(ada)), UriKind.Relative));

        Assert.Equal("cross-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl is { Private: true, MaxAge.TotalSeconds: > 0 and <= 900 });
    }

    [Fact]
    public async Task What_the_camera_wrote_is_gone_and_the_picture_stands_upright()
    {
        var ada = await app.Users.SomebodyAsync();
        await app.SetPhotoAsync(ada, TestPictures.WithExif(TestPictures.RedAndBlue(300, 200), orientation: 6));

        var stored = await File.ReadAllBytesAsync(Photos.InFolder(ada.UserId).Single());

        Assert.True(stored.AsSpan().IndexOf(Encoding.ASCII.GetBytes(TestPictures.Place)) < 0);
        var look = TestPictures.Look(stored);
        Assert.True(TestPictures.IsRed(look.Top) && TestPictures.IsBlue(look.Bottom), look.ToString());
    }

    [Fact]
    public async Task The_part_that_is_wanted_is_named_in_the_address()
    {
        var ada = await app.Users.SomebodyAsync();
        var picture = TestPictures.RedAndBlue(400, 200);
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(ada, picture, path: "/v1/me/photo?crop=250,0,100")).Status);
        Assert.True(TestPictures.IsBlue(TestPictures.Look(await File.ReadAllBytesAsync(Photos.InFolder(ada.UserId).Single())).Left));

        foreach (var crop in new[] { "1,2", "a,b,c", "-1,0,10", "0,0,0", "1,1,99999999999" })
            Assert.Equal(["crop: request.out-of-range"], (await app.SetPhotoAsync(ada, picture, path: "/v1/me/photo?crop=" + crop)).Errors);
    }

    [Fact]
    public async Task What_is_no_photo_is_rejected_and_the_old_one_stays()
    {
        var ada = await app.Users.SomebodyAsync();
        await app.SetPhotoAsync(ada, TestPictures.RedAndBlue(60, 60));
        var before = Photos.InFolder(ada.UserId).Single();
        var whole = TestPictures.RedAndBlue(600, 600);
        foreach (
            var sent in new[]
            {
                [],
                "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(),
                "#!/bin/sh\necho"u8.ToArray(),
                whole[..(whole.Length / 2)],
            }
        )
        {
            foreach (var type in new[] { "image/jpeg", "image/png", "image/webp" })
                await app.SetPhotoAsync(ada, sent, type).RejectedAsync(HttpStatusCode.UnprocessableEntity, "identity.photo-unreadable");
        }

        await app.SetPhotoAsync(ada, TestPictures.Claiming(whole, 60_000, 60_000))
            .RejectedAsync(HttpStatusCode.UnprocessableEntity, "identity.photo-dimensions");
        foreach (var type in new[] { "image/svg+xml", "image/gif", "text/html", "application/octet-stream" })
            await app.SetPhotoAsync(ada, whole, type).RejectedAsync(HttpStatusCode.UnsupportedMediaType, "request.content-type");

        Assert.Equal([before], Photos.InFolder(ada.UserId));
        // The content tells what it is, whatever is said.
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(ada, whole, "image/webp")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(ada, TestPictures.Animated(40), "image/webp")).Status);
    }

    [Fact]
    public async Task Two_megabytes_are_taken_and_one_byte_more_is_not()
    {
        var ada = await app.Users.SomebodyAsync();
        var picture = TestPictures.RedAndBlue(60, 60);
        // What follows the end of a JPEG is no part of it.
        byte[] largest = [.. picture, .. new byte[Limit - picture.Length]];
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(ada, largest)).Status);

        await app.SetPhotoAsync(ada, [.. largest, 0]).RejectedAsync(HttpStatusCode.RequestEntityTooLarge, "request.too-large");
        using var unannounced = new HttpRequestMessage(HttpMethod.Put, "/v1/me/photo")
        {
            Content = new StreamContent(new MemoryStream([.. largest, 0])),
        };
        unannounced.Headers.TransferEncodingChunked = true;
        unannounced.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        unannounced.Headers.TryAddWithoutValidation(ada.Tokens.Header.Name, ada.Tokens.Header.Value);
        await app.Users.SendAsync(unannounced).RejectedAsync(HttpStatusCode.RequestEntityTooLarge, "request.too-large");
    }

    [Fact]
    public async Task Of_many_at_once_one_photo_remains()
    {
        var ada = await app.Users.SomebodyAsync();
        var picture = TestPictures.RedAndBlue(800, 600);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.SetPhotoAsync(ada, picture)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Single(Photos.InFolder(ada.UserId));
        Assert.Equal(1, await RowsAsync(ada));
        Assert.Equal((200, "image/jpeg"), await StatusAsync(await app.PictureAsync(ada)));
        Assert.Equal(10, await RecordsAsync(ada, ada));
    }

    [Fact]
    public async Task While_the_store_is_away_the_request_says_so_and_nothing_is_half_changed()
    {
        var ada = await app.Users.SomebodyAsync();
        await app.SetPhotoAsync(ada, TestPictures.RedAndBlue(60, 60));
        var folder = Path.GetDirectoryName(Photos.InFolder(ada.UserId).Single())!;
        Directory.Move(folder, folder + "-away");
        await File.WriteAllTextAsync(folder, "in the way");

        await app.SetPhotoAsync(ada, TestPictures.RedAndBlue(90, 90))
            .RejectedAsync(HttpStatusCode.ServiceUnavailable, "request.dependency-unavailable");

        File.Delete(folder);
        Directory.Move(folder + "-away", folder);
        Assert.Equal(60, TestPictures.Look((await app.ReadAsync(await app.PictureAsync(ada))).Content).Width);
        Assert.Equal(1, await RecordsAsync(ada, ada));
    }

    [Fact]
    public async Task A_form_without_a_file_is_rejected_beside_the_field()
    {
        var ada = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(ada.Email);

        var answer = await browser.FillAsync("/account", "/account/photo");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotEqual("", answer.Beside("photo"));
    }

    [Fact]
    public async Task The_pages_for_photos_of_others_are_for_who_may_change_them()
    {
        var (admin, platform) = (await app.TenantAdministratorAsync(), await app.PlatformAdministratorAsync());
        var (ada, ben) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        string PathOf(SignedIn user) => $"/admin/users/{user.UserId}/photo";
        using (var nobody = new Browser(app))
        {
            await nobody.SignInAsync(ben.Email);
            foreach (var path in new[] { PathOf(ada), PathOf(ada) + "/picture" })
                Assert.Equal(HttpStatusCode.Forbidden, (await nobody.GetAsync(path)).Status);
        }

        using var moderator = new Browser(app);
        await moderator.SignInAsync(admin.Email);
        Assert.Equal(HttpStatusCode.BadRequest, (await moderator.FillAsync(PathOf(ada), PathOf(ada))).Status);
        foreach (var user in new[] { ada, platform })
            Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(user, TestPictures.RedAndBlue(60, 60))).Status);
        Assert.Equal("image/jpeg", (await moderator.GetAsync(PathOf(ada) + "/picture")).Header("Content-Type"));
        Assert.Equal(HttpStatusCode.SeeOther, (await moderator.FillAsync(PathOf(ada), PathOf(ada) + "/remove")).Status);
        Assert.Empty(Photos.InFolder(ada.UserId));
        // More than the own roles allow.
        Assert.Equal(HttpStatusCode.Forbidden, (await moderator.FillAsync(PathOf(platform), PathOf(platform) + "/remove")).Status);
        Assert.Single(Photos.InFolder(platform.UserId));
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await moderator.GetAsync($"/admin/users/{Guid.CreateVersion7(app.Clock.GetUtcNow())}/photo/picture")).Status
        );
    }

    [Fact]
    public async Task Who_may_change_users_sets_and_removes_their_photos()
    {
        var (admin, ada, ben) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var path = $"/v1/users/{ada.UserId}/photo";
        var picture = TestPictures.RedAndBlue(60, 60);

        var set = await app.SetPhotoAsync(admin, picture, path: path);
        Assert.Equal((HttpStatusCode.OK, "active"), (set.Status, set.Body.GetProperty("status").GetString()));
        Assert.Equal((200, "image/jpeg"), await StatusAsync(await app.PictureAsync(ada)));
        Assert.Equal(1, await RecordsAsync(ada, admin));

        await app.SetPhotoAsync(ben, picture, path: path).RejectedAsync(HttpStatusCode.Forbidden, "request.forbidden");
        await app.Users.SendAsync(HttpMethod.Delete, path, ben).RejectedAsync(HttpStatusCode.Forbidden, "request.forbidden");
        var platform = await app.PlatformAdministratorAsync();
        await app.SetPhotoAsync(admin, picture, path: $"/v1/users/{platform.UserId}/photo")
            .RejectedAsync(HttpStatusCode.Forbidden, "identity.exceeds-own-access");
        await app.SetPhotoAsync(admin, picture, path: $"/v1/users/{Guid.CreateVersion7(app.Clock.GetUtcNow())}/photo")
            .RejectedAsync(HttpStatusCode.NotFound, "identity.user-not-found");

        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Delete, path, admin)).Status);
        Assert.Equal(Photos.Nobody, await app.PictureAsync(ada));
    }

    private async Task<(int Status, string? Type)> StatusAsync(string address)
    {
        var (status, type, _) = await app.ReadAsync(address);
        return (status, type);
    }

    private Task<long> RowsAsync(SignedIn user) =>
        app.ScalarAsync<long>("select count(*) from identity.files where user_id = $1", user.UserId);

    private Task<long> RecordsAsync(SignedIn user, SignedIn actor) =>
        app.ScalarAsync<long>(
            """
            select count(*) from audit.records
             where subject = $1 and actor = $2 and action = 'user.updated' and facts::jsonb ->> 'changed' = 'photo'
            """,
            user.UserId,
            actor.UserId
        );
}
