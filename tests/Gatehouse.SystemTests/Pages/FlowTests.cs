using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>From the start page to the account, out again and back in, as a person walks it.</summary>
[Trait("Speed", "Slow")]
public sealed class FlowTests(RunningApp running)
{
    private const string Submit = "main button[type=submit]:not(.quiet)";

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_user_signs_up_signs_out_and_signs_in_again(string language, bool script)
    {
        var email = TestUsers.NewEmail();
        var name = language + (script ? "" : "-no-script");
        await using var visit = await Visit.StartAsync(app, language, script);

        await visit.GoAsync("/");
        await visit.LookAsync($"home-{name}");
        await visit.Page.ClickAsync("main a[href='/sign-up']");
        await Assertions.Expect(visit.Page.Locator("#name")).ToBeFocusedAsync();
        await visit.LookAsync($"sign-up-{name}");

        // What browsers themselves would let through.
        await visit.Page.FillAsync("#name", " ");
        await visit.Page.FillAsync("#email", "nobody@nowhere");
        await visit.Page.FillAsync("#username", "_");
        await visit.Page.FillAsync("#password", "too short!");
        await visit.Page.ClickAsync(Submit);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Assertions.Expect(visit.Page.Locator("[aria-invalid=true]")).ToHaveCountAsync(4);
        await Assertions.Expect(visit.Page.Locator("#email")).ToHaveValueAsync("nobody@nowhere");
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveValueAsync("");
        await visit.LookAsync($"sign-up-refused-{name}");

        await visit.Page.FillAsync("#name", "Ada Byron");
        await visit.Page.FillAsync("#email", email);
        await visit.Page.FillAsync("#username", "");
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync(Submit);
        await Assertions.Expect(visit.Page.Locator("#code")).ToBeFocusedAsync();
        await visit.LookAsync($"code-{name}");

        var code = (await app.Users.LetterAsync(email)).Code;
        await visit.Page.FillAsync("#code", TestUsers.WrongCode(code));
        await visit.Page.ClickAsync(Submit);
        await Assertions.Expect(visit.Page.Locator("#code")).ToHaveAccessibleDescriptionAsync(new Regex("4"));
        await Assertions.Expect(visit.Page.Locator("#code")).ToHaveValueAsync(TestUsers.WrongCode(code));
        await visit.LookAsync($"code-refused-{name}");
        await visit.Page.FillAsync("#code", $"{code[..3]} {code[3..]}");
        await visit.Page.ClickAsync(Submit);
        await visit.ArriveAsync("/account$");
        await Assertions.Expect(visit.Page.Locator("#name")).ToHaveValueAsync("Ada Byron");

        await visit.Page.ClickAsync("header form[action='/sign-out'] button");
        await visit.ArriveAsync("/signed-out$");
        await visit.LookAsync($"signed-out-{name}");
        await visit.Page.GoBackAsync();
        await visit.ArriveAsync("/sign-in");
        await Assertions.Expect(visit.Page.GetByText(email)).ToHaveCountAsync(0);

        await visit.LookAsync($"sign-in-{name}");
        await visit.Page.FillAsync("#identifier", email);
        await visit.Page.FillAsync("#password", "not the password at all");
        await visit.Page.ClickAsync(Submit);
        await Assertions.Expect(visit.Page.Locator(".notice[role=alert]")).ToBeFocusedAsync();
        await Assertions.Expect(visit.Page.Locator("#identifier")).ToHaveValueAsync(email);
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveValueAsync("");
        await visit.LookAsync($"sign-in-refused-{name}");
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.CheckAsync("input[name=remember]");
        await visit.Page.ClickAsync(Submit);
        await visit.ArriveAsync("/account$");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_language_in_the_middle_of_the_sign_up_keeps_what_was_typed(bool script)
    {
        await using var visit = await Visit.StartAsync(app, script: script);
        await visit.GoAsync("/sign-up");
        await visit.Page.FillAsync("#name", "Ada Byron");
        await visit.Page.FillAsync("#email", "unfinished@");
        await visit.Page.FillAsync("#password", "too short!");

        await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Español", Exact = true }).ClickAsync();

        await Assertions.Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", "es");
        Assert.EndsWith("/sign-up", visit.Page.Url, StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.Locator("#name")).ToHaveValueAsync("Ada Byron");
        await Assertions.Expect(visit.Page.Locator("#email")).ToHaveValueAsync("unfinished@");
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveValueAsync("");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", false)]
    public async Task A_code_that_is_used_up_leaves_the_way_to_another_one(string language, bool script)
    {
        var name = language + (script ? "" : "-no-script");
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.GoAsync("/forgot");
        await visit.Page.FillAsync("#identifier", TestUsers.NewEmail());
        await visit.Page.ClickAsync(Submit);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            await visit.Page.FillAsync("#code", "00000000");
            await visit.Page.FillAsync("#password", Resetting.NewPassword);
            await visit.Page.ClickAsync("form[action='/forgot/code'] button[type=submit]");
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        }

        await Assertions.Expect(visit.Page.Locator("#code")).ToHaveCountAsync(0);
        await Assertions.Expect(visit.Page.Locator("form[action='/forgot/code/resend'] button")).ToBeVisibleAsync();
        await visit.LookAsync($"code-used-up-{name}");
    }

    [Theory]
    [InlineData("916297", "916297")]
    [InlineData(" 916-297\n", "916297")]
    [InlineData("9 1 6 2 9 7", "916297")]
    [InlineData("916297 is your Gatehouse code", "916297")]
    [InlineData("On 2026-11-25 your code is 916 297.", "916297")]
    [InlineData("Ihr Code lautet 916–297, gültig 10 Minuten", "916297")]
    [InlineData("12345", "12345")]
    public async Task A_pasted_code_fills_the_field(string copied, string filled)
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync($"/sign-up/code?id={(await app.Users.RegisterAsync(TestUsers.NewEmail())).RegistrationId}");

        // As the browser does it: what no script takes for itself goes in as it is.
        await visit.Page.EvaluateAsync(
            """
            copied => {
              const input = document.querySelector('#code');
              const clipboardData = new DataTransfer();
              clipboardData.setData('text', copied);
              if (input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })))
                input.value = copied;
            }
            """,
            copied
        );

        await Assertions.Expect(visit.Page.Locator("#code")).ToHaveValueAsync(filled);
    }

    [Fact]
    public async Task The_wait_for_another_code_counts_down_and_then_it_can_be_asked_for()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.Page.Clock.InstallAsync();
        await visit.GoAsync($"/sign-up/code?id={(await app.Users.RegisterAsync(TestUsers.NewEmail())).RegistrationId}");
        var button = visit.Page.Locator("button.quiet");

        await Assertions.Expect(button).ToBeDisabledAsync();
        await Assertions.Expect(button).ToHaveTextAsync(new Regex(@"\((1:00|0:5\d)\)"));
        await visit.Page.Clock.RunForAsync(30_000);
        await Assertions.Expect(button).ToHaveTextAsync(new Regex(@"\(0:[0-3]\d\)"));
        await visit.Page.Clock.RunForAsync(31_000);
        await Assertions.Expect(button).ToBeEnabledAsync();
        await Assertions.Expect(button).ToHaveTextAsync("Send another code");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task What_was_typed_when_the_session_ended_elsewhere_is_there_after_signing_in(string language, bool script)
    {
        var person = await app.Users.SomebodyAsync();
        var name = language + (script ? "" : "-no-script");
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.GoAsync("/sign-in");
        await SignInAsync(visit, person.Email);
        await visit.Page.FillAsync("#about", "Numbers, mostly.\nAnd engines.");
        using var other = new Browser(app);
        await other.SignInAsync(person.Email);
        await other.FillAsync("/account/sessions", "/account/sessions/end-others");

        await visit.Page.ClickAsync("main form[action='/account'] button[type=submit]");
        await visit.ArriveAsync("/sign-in");
        await visit.LookAsync($"sign-in-kept-{name}");
        await SignInAsync(visit, person.Email);
        await Assertions.Expect(visit.Page.Locator("#about")).ToHaveValueAsync("Numbers, mostly.\nAnd engines.");
        await visit.LookAsync($"account-kept-{name}");
        await visit.Page.ClickAsync("main form[action='/account'] button[type=submit]");
        await visit.ArriveAsync("done=profile");
        await Assertions.Expect(visit.Page.Locator("#about")).ToHaveValueAsync("Numbers, mostly.\nAnd engines.");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", false)]
    public async Task A_browser_that_keeps_no_cookies_is_told_that_they_are_needed(string language, bool script)
    {
        var person = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.GoAsync("/sign-in");
        await visit.Page.Context.ClearCookiesAsync();

        await SignInAsync(visit, person.Email);

        await Assertions
            .Expect(visit.Page.Locator("h1"))
            .ToHaveTextAsync(
                language switch
                {
                    "en" => "Cookies required",
                    "es" => "Se necesitan cookies",
                    _ => "कुकी ज़रूरी हैं",
                }
            );
        await visit.LookAsync($"cookies-needed-{language}{(script ? "" : "-no-script")}");
    }

    [Fact]
    public async Task A_page_of_another_site_can_neither_frame_ours_nor_send_a_form_for_who_is_signed_in()
    {
        var person = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(person.Email);
        var own = new Uri(visit.Page.Url).GetLeftPart(UriPartial.Authority);
        await visit.Page.RouteAsync(
            "http://evil.example/",
            route =>
                route.FulfillAsync(
                    new RouteFulfillOptions
                    {
                        ContentType = "text/html",
                        Body = $"""
                        <!DOCTYPE html><title>evil</title><iframe src="{own}/account"></iframe>
                        <form method="post" action="{own}/account/sessions/end-others">
                        <input name="form-token" value="x"><button>Win a prize</button></form>
                        """,
                    }
                )
        );

        await visit.GoAsync("http://evil.example/");
        await Assertions.Expect(visit.Page.FrameLocator("iframe").Locator("main")).ToHaveCountAsync(0);
        await visit.Page.ClickAsync("button");

        await Assertions.Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Access denied");
        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.Users.MeAsync(person.Tokens)).Status);
    }

    [Fact]
    public async Task Two_clicks_on_sign_up_send_one_mail()
    {
        var email = TestUsers.NewEmail();
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync("/sign-up");
        await visit.Page.FillAsync("#name", "Ada");
        await visit.Page.FillAsync("#email", email);
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.DblClickAsync(Submit);

        await Assertions.Expect(visit.Page.Locator("#code")).ToBeFocusedAsync();
        await app.Users.LetterAsync(email);
        await app.QuietAsync();
        Assert.Single(await app.Users.LettersAsync(email));
    }

    private static async Task SignInAsync(Visit visit, string email)
    {
        await visit.Page.FillAsync("#identifier", email);
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync(Submit);
    }
}
