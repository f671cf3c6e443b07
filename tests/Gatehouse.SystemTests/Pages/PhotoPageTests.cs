using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.Tests.Identity.Files;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The photo on the page of the own account, in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class PhotoPageTests(RunningApp running)
{
    private const string Choose = "#photo";
    private const string Save = "form[action='/account/photo'] button";
    private const string Remove = "form[action='/account/photo/remove'] button";

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    [InlineData("hi")]
    public async Task The_part_that_was_chosen_becomes_the_photo_and_the_photo_is_removed(string language)
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app, language);
        await visit.SignInAsync(user.Email);
        await visit.GoAsync("/account");
        await visit.LookAsync($"photo-none-{language}");

        // More bytes than are taken: what is sent is made of the chosen part alone.
        byte[] large = [.. TestPictures.RedAndBlue(1200, 600), .. new byte[3 * 1024 * 1024]];
        await ChooseAsync(visit, large);
        await Assertions.Expect(visit.Page.Locator("canvas")).ToBeVisibleAsync();
        await visit.LookAsync($"photo-crop-{language}");
        await visit.Page.FocusAsync("canvas");
        // To the right end, where the picture is blue.
        for (var i = 0; i < 30; i++)
            await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.ClickAsync(Save);
        await visit.ArriveAsync("done=photo-set$");
        await visit.LookAsync($"photo-set-{language}");

        var look = TestPictures.Look(await File.ReadAllBytesAsync(Photos.InFolder(user.UserId).Single()));
        Assert.Equal((512, 512), (look.Width, look.Height));
        Assert.True(TestPictures.IsBlue(look.Left) && TestPictures.IsBlue(look.Right), look.ToString());
        Assert.Equal(512, await visit.Page.EvaluateAsync<int>("document.querySelector('.photo img').naturalWidth"));

        await visit.Page.ClickAsync(Remove);
        await visit.ArriveAsync("done=photo-removed$");
        await Assertions.Expect(visit.Page.Locator(Remove)).ToHaveCountAsync(0);
        Assert.Equal(Photos.Nobody, await app.PictureAsync(user));
    }

    [Fact]
    public async Task A_picture_is_moved_by_dragging_and_made_larger()
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(user.Email);
        await visit.GoAsync("/account");
        await ChooseAsync(visit, TestPictures.RedAndBlue(1200, 600));
        await visit.Page.FillAsync("#photo-zoom", "2");
        await visit.Page.Locator("canvas").ScrollIntoViewIfNeededAsync();
        var box = (await visit.Page.Locator("canvas").BoundingBoxAsync())!;
        var middle = box.Y + (box.Height / 2);

        // The picture follows the pointer, so its left part comes into view.
        await visit.Page.Mouse.MoveAsync(box.X + 10, middle);
        await visit.Page.Mouse.DownAsync();
        await visit.Page.Mouse.MoveAsync(box.X + box.Width - 10, middle, new MouseMoveOptions { Steps = 5 });
        await visit.Page.Mouse.UpAsync();
        await visit.Page.ClickAsync(Save);
        await visit.ArriveAsync("done=photo-set$");

        var look = TestPictures.Look(await File.ReadAllBytesAsync(Photos.InFolder(user.UserId).Single()));
        Assert.True(TestPictures.IsRed(look.Left) && TestPictures.IsRed(look.Right), look.ToString());
    }

    [Fact]
    public async Task A_browser_says_itself_what_is_no_picture()
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(user.Email);
        await visit.GoAsync("/account");

        await ChooseAsync(visit, "no picture"u8.ToArray());

        await Assertions.Expect(visit.Page.Locator(Choose)).ToHaveJSPropertyAsync("validity.valid", value: false);
        await Assertions.Expect(visit.Page.Locator("canvas")).ToBeHiddenAsync();
        await ChooseAsync(visit, TestPictures.RedAndBlue(60, 60));
        await Assertions.Expect(visit.Page.Locator("canvas")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    [InlineData("hi")]
    public async Task Without_a_script_the_middle_is_taken_and_what_is_wrong_stands_beside_the_field(string language)
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app, language, script: false);
        await visit.SignInAsync(user.Email);
        await visit.GoAsync("/account");

        await SendAsync(visit, [.. TestPictures.RedAndBlue(60, 60), .. new byte[3 * 1024 * 1024]]);
        await visit.ArriveAsync("done=photo-too-large$");
        await Assertions.Expect(visit.Page.Locator(Choose)).ToHaveAttributeAsync("aria-describedby", "photo-error");
        await Assertions.Expect(visit.Page.Locator("#photo-error")).ToContainTextAsync("2 MB");
        await visit.LookAsync($"photo-too-large-{language}");

        await SendAsync(visit, "no picture"u8.ToArray());
        await Assertions.Expect(visit.Page.Locator(Choose)).ToHaveAttributeAsync("aria-describedby", "photo-error");
        await Assertions.Expect(visit.Page.Locator("#photo-error")).ToContainTextAsync("WebP");
        Assert.Empty(Photos.InFolder(user.UserId));

        await SendAsync(visit, TestPictures.RedAndBlue(300, 200));
        await visit.ArriveAsync("done=photo-set$");
        await visit.LookAsync($"photo-set-no-script-{language}");
        var look = TestPictures.Look(await File.ReadAllBytesAsync(Photos.InFolder(user.UserId).Single()));
        Assert.True(TestPictures.IsRed(look.Left) && TestPictures.IsBlue(look.Right), look.ToString());
        await visit.Page.ClickAsync(Remove);
        await visit.ArriveAsync("done=photo-removed$");
        Assert.Empty(Photos.InFolder(user.UserId));
    }

    private static Task ChooseAsync(Visit visit, byte[] picture) =>
        visit.Page.SetInputFilesAsync(
            Choose,
            new FilePayload
            {
                Name = "photo.jpg",
                MimeType = "image/jpeg",
                Buffer = picture,
            }
        );

    private static async Task SendAsync(Visit visit, byte[] picture)
    {
        await ChooseAsync(visit, picture);
        await visit.Page.ClickAsync(Save);
    }
}
