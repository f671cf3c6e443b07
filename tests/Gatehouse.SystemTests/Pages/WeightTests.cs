using System.Globalization;
using System.IO.Compression;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.Tests.Identity.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>A page weighs less than 60 KB (70 KB with the list of countries) with everything it fetches, a full list less than 80 KB,
/// without compression and in the language whose letters weigh most.</summary>
[Trait("Speed", "Slow")]
public sealed class WeightTests(RunningApp running)
{
    private const int MaxBytes = 60_000;

    private const int MaxBytesWithCountries = 70_000;

    // Lists carry a form in every row.
    private const int MaxBytesOfList = 80_000;

    // Of the console, compressed.
    private const int MaxBytesOfConsole = 100_000;

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-up")]
    [InlineData("/sign-up/code?id=x")]
    [InlineData("/register/confirm?token=y")]
    [InlineData("/sign-in")]
    [InlineData("/signed-out")]
    [InlineData("/forgot")]
    [InlineData("/forgot/code?id=01a1f96e-3a6f-740d-963f-8de6feb3ecb8")]
    [InlineData("/forgot/done")]
    [InlineData("/reset?id=x&token=y")]
    [InlineData("/nowhere")]
    [InlineData("/inbox?to=nobody@example.com")]
    public async Task A_page_weighs_little_with_everything_it_fetches(string path)
    {
        await using var visit = await Visit.StartAsync(app, "hi");
        await WeighAsync(visit, path, path is "/sign-up" or "/sign-in" or "/forgot" ? MaxBytesWithCountries : MaxBytes);
    }

    [Theory]
    // As many sessions as a person may have; as many records as a page shows. Two sessions stand already.
    [InlineData("/account/sessions", "identity.sessions", 20)]
    [InlineData("/account/activity", "audit.records", 50)]
    public async Task So_does_a_full_page_of_the_account(string path, string table, int rows)
    {
        var person = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app, "hi");
        await visit.SignInAsync(person.Email);
        await app.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                insert into {table}
                select (jsonb_populate_record(r, jsonb_build_object('id', left(r.id::text, 24) || lpad(to_hex(n), 12, '0')))).*
                  from {table} r, generate_series(1, {rows - 2}) n
                 where r.id = (select id from {table} where {(table == "audit.records" ? "subject" : "user_id")} = $1 order by id limit 1)
                """
            ),
            person.UserId
        );

        await WeighAsync(visit, path, MaxBytesOfList);

        await Assertions.Expect(visit.Page.Locator(".row")).ToHaveCountAsync(rows);
    }

    [Fact]
    public async Task So_does_the_account_with_a_photo()
    {
        var person = await app.Users.SomebodyAsync();
        await app.SetPhotoAsync(person, TestPictures.RedAndBlue(600, 600));
        await using var visit = await Visit.StartAsync(app, "hi");
        await visit.SignInAsync(person.Email);

        await WeighAsync(visit, "/account", MaxBytesOfList);
    }

    [Fact]
    public async Task Every_page_of_the_console_weighs_at_most_100_KB_compressed_with_everything_it_fetches()
    {
        var admin = await app.PlatformAdministratorAsync();
        await using var visit = await Visit.StartAsync(app, "hi");
        await visit.SignInAsync(admin.Email);
        var pages = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(page =>
                page.RoutePattern.RawText!.StartsWith("/admin", StringComparison.Ordinal)
                && page.RoutePattern.Parameters.Count == 0
                && page.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains("GET", StringComparer.Ordinal)
            )
            .Select(page => page.RoutePattern.RawText!)
            // A stream and files are no pages.
            .Where(path => !path.EndsWith("/live", StringComparison.Ordinal) && !path.EndsWith(".csv", StringComparison.Ordinal))
            .ToList();
        Assert.True(pages.Count > 10, $"only {pages.Count} pages");
        foreach (var path in pages.Append($"/admin/users/{admin.UserId}").Append($"/admin/users/{admin.UserId}/activity"))
        {
            var sum = 0;
            foreach (var answer in await FetchAsync(visit, path))
                sum += await CompressedAsync(await answer.BodyAsync());
            Assert.True(sum is > 1000 and <= MaxBytesOfConsole, $"{path} weighs {sum} bytes");
        }
    }

    // As a server in front would send it: pages are not compressed by this one.
    private static async Task<int> CompressedAsync(byte[] body)
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(body);
        return (int)compressed.Length;
    }

    private static async Task WeighAsync(Visit visit, string path, int limit = MaxBytes)
    {
        var sum = 0;
        var fetched = await FetchAsync(visit, path);
        foreach (var answer in fetched)
            sum += (await answer.BodyAsync()).Length;
        Assert.InRange(sum, 1, limit);
    }

    private static async Task<IReadOnlyList<IResponse>> FetchAsync(Visit visit, string path)
    {
        // Nothing that an earlier page left behind.
        var session = await visit.Page.Context.NewCDPSessionAsync(visit.Page);
        await session.SendAsync(
            "Network.setCacheDisabled",
            new Dictionary<string, object>(StringComparer.Ordinal) { ["cacheDisabled"] = true }
        );
        var answers = new List<IResponse>();
        void Add(object? sender, IResponse response) => answers.Add(response);
        visit.Page.Response += Add;
        await visit.Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        visit.Page.Response -= Add;
        // The stream of the inbox has no end.
        List<IResponse> fetched = [.. answers.Where(answer => answer.Request.ResourceType is not ("eventsource" or "fetch"))];
        Assert.True(fetched.Count >= 3, $"only {fetched.Count} answers");
        return fetched;
    }
}
