using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The development inbox in a browser.</summary>
[Trait("Speed", "Slow")]
[Collection<MovedTime>]
public sealed class MailboxPageTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task Mail_appears_newest_first_and_opens(string language, bool script)
    {
        var email = TestUsers.NewEmail();
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.GoAsync($"/inbox?to={email}");
        await Assertions.Expect(visit.Page.Locator(".empty")).ToBeVisibleAsync();
        await visit.LookAsync($"inbox-empty-{language}{(script ? "" : "-no-script")}");

        var registration = await app.Users.RegisterAsync(email);
        await app.Users.LetterAsync(email);
        if (!script)
            await visit.Page.ClickAsync("noscript a");
        await Assertions.Expect(visit.Page.Locator("details")).ToHaveCountAsync(1);
        await visit.Page.ClickAsync("summary");
        await Assertions.Expect(visit.Page.Locator(".letter")).ToContainTextAsync((await app.Users.LetterAsync(email)).Code);

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.Users.ResendAsync(registration.RegistrationId);
        var newest = await app.Users.LetterAsync(email, 2);
        if (!script)
            await visit.Page.ReloadAsync();
        await Assertions.Expect(visit.Page.Locator("details")).ToHaveCountAsync(2);
        await Assertions.Expect(visit.Page.Locator("details").First).ToHaveAttributeAsync("id", $"m{newest.Id:N}");
        // What was open stays so while new mail comes.
        await Assertions.Expect(visit.Page.Locator("details").Last.Locator(".letter")).ToBeVisibleAsync(new() { Visible = script });
        await visit.LookAsync($"inbox-{language}{(script ? "" : "-no-script")}");
    }

    [Fact]
    public async Task The_link_of_a_mail_can_be_followed()
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        var letter = await app.Users.LetterAsync(email);
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync($"/inbox?to={email}");
        await visit.Page.ClickAsync("summary");
        await Assertions
            .Expect(visit.Page.Locator(".letter a"))
            .ToHaveAttributeAsync("href", $"http://localhost:8080/register/confirm?token={letter.LinkToken}");
    }

    [Fact]
    public async Task A_mail_is_shown_as_mail_programs_do_and_runs_nothing()
    {
        const string Name = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";
        var email = TestUsers.NewEmail();
        var started = await app.Users.RegisterAsync(email, Name);
        await app.Users.VerifyAsync(started.RegistrationId, (await app.Users.LetterAsync(email)).Code);
        // A verified address gets the name of its user.
        var (_, letter) = await app.ResetMailAsync(email, email, 2);
        await app.ExecuteAsync("update notifications.inbox_messages set html = html || $1 where id = $2", Name, letter.Id);
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync($"/inbox?to={email}");
        await visit.Page.Locator("summary").First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".letter").First).ToContainTextAsync(Name);

        await visit.Page.Locator("details a[href^='/inbox/messages/']").First.ClickAsync();

        await Assertions.Expect(visit.Page.Locator("body")).ToContainTextAsync(letter.ResetCode);
        Assert.DoesNotContain("taken", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(visit.Complaints);
    }

    [Fact]
    public async Task A_filter_of_markup_is_shown_as_text()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync("/inbox?to=" + Uri.EscapeDataString("\"><script>document.title='taken'</script>"));
        Assert.DoesNotContain("taken", await visit.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Equal("\"><script>document.title='taken'</script>", await visit.Page.InputValueAsync("#to"));
    }
}
