using Gatehouse.Development.Mailbox;

namespace Gatehouse.Tests.Development.Mailbox;

public class InboxTextTests
{
    [Theory]
    [InlineData("no link", "")]
    [InlineData("Open https://a.example/x?token=a-b_c=.", "https://a.example/x?token=a-b_c=")]
    [InlineData("(http://localhost:8080/reset?id=1&token=2)", "http://localhost:8080/reset?id=1&token=2")]
    [InlineData("http://a.example\nhttps://b.example/", "http://a.example https://b.example/")]
    [InlineData("javascript:alert(1) ftp://a.example data:text/html,x", "")]
    [InlineData("https://a.example\"onclick=\"x", "https://a.example")]
    [InlineData("<https://a.example>", "https://a.example")]
    [InlineData("", "")]
    public void Links_are_set_apart_and_nothing_is_lost(string text, string links)
    {
        var parts = MailboxText.Parts(text).ToList();
        Assert.Equal(links, string.Join(' ', parts.Where(part => part.IsLink).Select(part => part.Text)));
        Assert.Equal(text, string.Concat(parts.Select(part => part.Text)));
    }
}
