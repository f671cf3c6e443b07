using Gatehouse.Files;

namespace Gatehouse.Tests.Files;

public class FileKeyTests
{
    private static readonly Guid User = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly Guid Id = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8058");

    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\users\\ada\\my cv (2).pdf", "my-cv-2.pdf")]
    [InlineData("Lebenslauf Müller.pdf", "Lebenslauf-Muller.pdf")]
    [InlineData("नमस्ते", "file")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData("a/", "file")]
    [InlineData("a\r\nSet-Cookie: x", "a--Set-Cookie-x")]
    public void Of_a_name_only_what_is_harmless_stays(string typed, string expected)
    {
        var key = FileKey.Make(User, Id, typed);

        Assert.Equal($"users/{User}/{Id}-{expected}", key.ToString());
        Assert.Equal(key, FileKey.Parse(key.ToString()));
    }

    [Fact]
    public void A_long_name_keeps_its_end() =>
        Assert.EndsWith("a.pdf", FileKey.Make(User, Id, new string('a', 300) + ".pdf").ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("users/")]
    [InlineData("users/../../etc/passwd")]
    [InlineData("users/{0}/{1}-../../x")]
    [InlineData("users/{0}/{1}-a/b")]
    [InlineData("users/{0}/{1}-")]
    [InlineData("users/{0}/{1}")]
    [InlineData("users/{0}/{1}-.hidden")]
    [InlineData("users/{0}/{1}-a\0.pdf")]
    [InlineData("/users/{0}/{1}-a.pdf")]
    [InlineData("users/{0}//{1}-a.pdf")]
    [InlineData("users/{0}\\{1}-a.pdf")]
    [InlineData("Users/{0}/{1}-a.pdf")]
    public void Nothing_else_is_a_key(string? text) =>
        Assert.Null(
            FileKey.Parse(
                text?.Replace("{0}", User.ToString(), StringComparison.Ordinal).Replace("{1}", Id.ToString(), StringComparison.Ordinal)
            )
        );

    [Fact]
    public void A_key_in_other_letters_is_none() => Assert.Null(FileKey.Parse(FileKey.Make(User, Id, "a").ToString().Replace('d', 'D')));
}
