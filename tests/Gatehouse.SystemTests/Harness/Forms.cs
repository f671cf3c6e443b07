using System.Text.RegularExpressions;

namespace Gatehouse.SystemTests.Harness;

/// <summary>Filling in the forms of pages, as a browser without a script does.</summary>
internal static class Forms
{
    /// <summary>Opens a page and sends one of its forms, with all that the page put into it.</summary>
    public static async Task<Answer> FillAsync(
        this Browser browser,
        string page,
        string action,
        params (string Name, string Value)[] typed
    ) => await browser.SendFormAsync(await browser.GetAsync(page), action, typed);

    /// <summary>Sends a form of the page as it was answered.</summary>
    public static Task<Answer> SendFormAsync(this Browser browser, Answer page, string action, params (string Name, string Value)[] typed)
    {
        var form = Regex.Match(page.Text, $"<form[^>]*action=\"{Regex.Escape(action)}\"[^>]*>.*?</form>", RegexOptions.Singleline).Value;
        Assert.True(form.Length > 0, $"No form to {action} in: {page.Status} {page.Text}");
        var fields = Regex
            .Matches(form, "<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
            .ToDictionary(m => m.Groups[1].Value, m => System.Net.WebUtility.HtmlDecode(m.Groups[2].Value), StringComparer.Ordinal);
        foreach (var (name, value) in typed)
            fields[name] = value;
        return browser.SendAsync(HttpMethod.Post, action, new FormUrlEncodedContent(fields));
    }

    /// <summary>Where an answer leads; nothing when it leads nowhere.</summary>
    public static string Location(this Answer answer) => answer.Header("Location");

    /// <summary>The rejection beside a field; nothing when there is none.</summary>
    public static string Beside(this Answer answer, string field) =>
        System.Net.WebUtility.HtmlDecode(Regex.Match(answer.Text, $"<p id=\"{field}-error\"[^>]*>([^<]*)</p>").Groups[1].Value);
}
