using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.Tests.Identity.Files;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Administrators look after users in the console, in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class ConsoleUserTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task An_administrator_finds_a_user_disables_and_enables(string language, bool script)
    {
        var administrator = await app.TenantAdministratorAsync();
        var name = $"Ada {language}{script} Byron";
        var user = await app.NamedAsync(name);
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(administrator.Email);
        var picture = $"{language}{(script ? "" : "-no-script")}";

        await visit.GoAsync("/admin");
        await visit.LookAsync($"console-home-{picture}");
        await visit.Page.FillAsync("#find", name);
        if (script)
        {
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
            await visit.Page.PressAsync("#find", "ArrowDown");
        }

        await visit.Page.PressAsync("#find", "Enter");
        if (!script)
        {
            await visit.LookAsync($"console-found-{picture}");
            await visit.Page.ClickAsync("main .row a");
        }

        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(name);
        await Assertions.Expect(visit.Page.Locator(".side [aria-current]")).ToHaveCountAsync(1);
        await visit.LookAsync($"console-user-{picture}");

        await visit.Page.ClickAsync($"a[href$='/{user.UserId}/sessions']");
        await visit.LookAsync($"console-user-sessions-{picture}");
        await visit.Page.ClickAsync($"a[href$='/{user.UserId}/disable']");
        await visit.LookAsync($"console-disable-{picture}");
        await visit.Page.ClickAsync("button.danger");
        await Assertions.Expect(visit.Page.Locator("#reason")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.LookAsync($"console-disable-refused-{picture}");
        await visit.Page.FillAsync("#reason", "Left the company <b>today</b>");
        await visit.Page.ClickAsync("button.danger");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync(name);
        await Assertions.Expect(visit.Page.GetByText("Left the company <b>today</b>")).ToBeVisibleAsync();
        await visit.LookAsync($"console-disabled-{picture}");

        await visit.Page.Locator($"a[href$='/{user.UserId}/enable']").First.ClickAsync();
        await visit.Page.ClickAsync("button.danger");
        await Assertions.Expect(visit.Page.Locator(".badge.bad")).ToHaveCountAsync(0);

        await visit.Page.ClickAsync($"a[href$='/{user.UserId}/erase']");
        await visit.LookAsync($"console-erase-{picture}");
        await visit.Page.SelectOptionAsync("#choice", "requested");
        await visit.Page.FillAsync("#phrase", "somebody else");
        await visit.Page.ClickAsync("main button.danger");
        await Assertions.Expect(visit.Page.Locator("#phrase")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.LookAsync($"console-erase-refused-{picture}");
    }

    [Fact]
    public async Task The_list_is_narrowed_by_its_address_and_found_again_by_going_back()
    {
        var administrator = await app.TenantAdministratorAsync();
        var user = await app.NamedAsync("Grace Narrowed");
        await app.PostAsync($"/v1/users/{user.UserId}/disable", body: null, administrator).DoneAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(administrator.Email);

        await visit.GoAsync("/admin/users");
        await visit.LookAsync("console-users");
        await visit.Page.SelectOptionAsync("#status", "disabled");
        await visit.Page.ClickAsync(".filters button");
        await visit.ArriveAsync("status=disabled");
        await visit.LookAsync("console-users-filtered");
        await visit.Page.ClickAsync("text=Grace Narrowed");
        await visit.Page.ClickAsync(".crumbs a");
        await visit.ArriveAsync("/admin/users\\?(.*&)?status=disabled");
        await visit.Page.ClickAsync(".active li a");
        await visit.ArriveAsync("^((?!status=disabled).)*$");

        await visit.GoAsync("/admin/users?status=asleep&organization=no-id&after=broken");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_moderator_sees_sets_and_removes_the_photo_of_a_user(string language, bool script)
    {
        var administrator = await app.TenantAdministratorAsync();
        var user = await app.NamedAsync("Ada Portrait");
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(administrator.Email);
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var page = $"/admin/users/{user.UserId}/photo";

        await visit.GoAsync($"/admin/users/{user.UserId}");
        await visit.Page.ClickAsync($"a[href='{page}']");
        await visit.LookAsync($"console-photo-none-{picture}");
        if (!script)
        {
            await SendAsync(visit, [.. TestPictures.RedAndBlue(60, 60), .. new byte[3 * 1024 * 1024]]);
            await visit.ArriveAsync($"{page}\\?done=photo-too-large$");
            await Assertions.Expect(visit.Page.Locator("#photo-error")).ToContainTextAsync("2 MB");
            await SendAsync(visit, "no picture"u8.ToArray());
            await Assertions.Expect(visit.Page.Locator("#photo")).ToHaveAttributeAsync("aria-describedby", "photo-error");
            await visit.LookAsync($"console-photo-refused-{picture}");
            Assert.Empty(Photos.InFolder(user.UserId));
        }

        await SendAsync(visit, TestPictures.RedAndBlue(300, 200));
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Ada Portrait");
        await visit.LookAsync($"console-photo-set-{picture}");
        Assert.True(await visit.Page.EvaluateAsync<bool>("document.querySelector('.photo img').naturalWidth > 100"));
        Assert.Single(Photos.InFolder(user.UserId));

        await visit.Page.ClickAsync($"form[action='{page}/remove'] button");
        await Assertions.Expect(visit.Page.Locator($"form[action='{page}/remove']")).ToHaveCountAsync(0);
        Assert.Empty(Photos.InFolder(user.UserId));
        Assert.Equal(
            2L,
            await app.ScalarAsync<long>(
                """
                select count(*) from audit.records
                 where action = 'user.updated' and subject = $1 and actor = $2 and facts::json ->> 'changed' = 'photo'
                """,
                user.UserId,
                administrator.UserId
            )
        );
    }

    private static async Task SendAsync(Visit visit, byte[] picture)
    {
        var file = new FilePayload
        {
            Name = "photo.jpg",
            MimeType = "image/jpeg",
            Buffer = picture,
        };
        await visit.Page.SetInputFilesAsync("#photo", file);
        await visit.Page.ClickAsync("form[data-photo] button");
    }

    [Fact]
    public async Task A_user_is_created_and_edited()
    {
        var administrator = await app.TenantAdministratorAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(administrator.Email);
        var email = TestUsers.NewEmail();

        await visit.GoAsync("/admin/users/new");
        await visit.LookAsync("console-new-user");
        await visit.Page.FillAsync("#name", "New Person");
        await visit.Page.FillAsync("#email", administrator.Email);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#email")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.Page.FillAsync("#email", email);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("New Person");
        await Assertions.Expect(visit.Page.GetByText("No password is set")).ToBeVisibleAsync();

        await visit.Page.ClickAsync("a[href$='/edit']");
        await visit.LookAsync("console-edit-user");
        await visit.Page.FillAsync("#name", "");
        await visit.Page.EvaluateAsync("document.querySelector('main form').noValidate = true");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#name")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.Page.FillAsync("#name", "Renamed Person");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Renamed Person");
    }

    [Fact]
    public async Task A_user_is_created_with_a_number_and_the_list_says_that_it_is_verified()
    {
        var administrator = await app.TenantAdministratorAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(administrator.Email);
        var number = TestUsers.NewPhone();

        await visit.GoAsync("/admin/users/new");
        await visit.Page.FillAsync("#name", "Phone Person");
        await visit.Page.FillAsync("#phoneNumber", "0" + number[3..]);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#phoneNumber")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.Page.SelectOptionAsync("#region", "GB");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Phone Person");

        await visit.GoAsync("/admin/users");
        var row = visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Phone Person" });
        await Assertions.Expect(row.First.Locator("td").Nth(1).Locator("span").Last).ToHaveTextAsync("Phone");
    }

    [Fact]
    public async Task Who_has_no_role_is_told_which_permission_the_page_needs()
    {
        var somebody = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(somebody.Email);

        var answer = await visit.GoAsync("/admin/users");

        Assert.Equal(403, answer.Status);
        await Assertions.Expect(visit.Page.GetByText("users:read")).ToBeVisibleAsync();
        await visit.LookAsync("console-forbidden");
        Assert.Equal(403, (await visit.GoAsync("/admin")).Status);
    }
}
