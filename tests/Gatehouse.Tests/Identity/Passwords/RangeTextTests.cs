using System.Buffers;
using System.Text;
using Gatehouse.Identity.Passwords;

namespace Gatehouse.Tests.Identity.Passwords;

public class RangeTextTests
{
    private const string Wanted = "0018A45C4D1DEF81644B54AB7F969B88D65";
    private const string Other = "00D4F6E8FA6EECAD2A3AA415EEC418D38EC";

    [Theory]
    [InlineData(Other + ":2\r\n" + Wanted + ":10\r\n", true)]
    [InlineData(Other + ":2\r\n" + Wanted + ":1", true)]
    [InlineData("0018a45c4d1def81644b54ab7f969b88d65:1\n", true)]
    [InlineData(Wanted + ":0\r\n", false)]
    [InlineData(Other + ":2\r\n" + Other + ":2", false)]
    [InlineData("", false)]
    [InlineData("<!DOCTYPE html><html><body>Sign in to this network</body></html>\n", null)]
    [InlineData("<html>\n", null)]
    [InlineData(Wanted + "\n", null)]
    [InlineData(Wanted + ":\n", null)]
    [InlineData(Wanted + ":-1\n", null)]
    [InlineData(Wanted + ":1 time\n", null)]
    [InlineData(Wanted + "A:1\n", null)]
    [InlineData("0018A45C4D1DEF81644B54AB7F969B88D6G:1\n", null)]
    [InlineData(Wanted + ":00000000000000000000000000000000000000000001", null)]
    public void An_answer_is_found_absent_or_not_to_be_believed(string answer, bool? found)
    {
        Assert.Equal(found, Search([answer]));
        // However the network cuts it.
        Assert.Equal(found, Search([.. answer.Select(c => c.ToString())]));
    }

    [Fact]
    public void A_line_without_end_is_not_waited_for() => Assert.Null(Search([new string('A', 65)], ends: false));

    // As the stream is read: what is left of one piece comes again with the next.
    private static bool? Search(string[] pieces, bool ends = true)
    {
        var text = ReadOnlySequence<byte>.Empty;
        foreach (var piece in pieces)
        {
            text = new ReadOnlySequence<byte>([.. text.ToArray(), .. Encoding.UTF8.GetBytes(piece)]);
            if (RangeText.Search(ref text, ends: false, Encoding.ASCII.GetBytes(Wanted)) is not false and var verdict)
                return verdict;
        }

        return ends ? RangeText.Search(ref text, ends: true, Encoding.ASCII.GetBytes(Wanted)) : false;
    }
}
