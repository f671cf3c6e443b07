using System.Security.Cryptography;
using System.Text;
using Gatehouse.Audit.Data;

namespace Gatehouse.Tests.Audit;

public class CheckpointTests
{
    private static readonly Batch Encrypted = Chain.Seal(Chain.Records(3), 3).Single();

    [Fact]
    public void A_line_reads_back_as_the_checkpoint_it_was()
    {
        var read = Checkpoint.Parse(Encrypted.Checkpoint.ToLine())!;

        Assert.Equal((Encrypted.Number, Encrypted.SealedAt), (read.Batch, read.At));
        Assert.Equal(Encrypted.Hash, read.Hash);
        Assert.True(Chain.Key.Verifies(read.Message, read.Signature));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("not JSON")]
    [InlineData("""{"batch":1,"hash":"xy","at":"2026-11-01T08:00:00Z","signature":"AAAA"}""")]
    [InlineData("""{"batch":1,"hash":"ab","at":"yesterday","signature":"AAAA"}""")]
    [InlineData("""{"batch":1,"hash":"ab","at":"2026-11-01T08:00:00Z","signature":"*"}""")]
    [InlineData("""{"batch":1,"hash":"ab","at":"2026-11-01T08:00:00Z"}""")]
    [InlineData("""{"batch":9999999999999999999,"hash":"ab","at":"2026-11-01T08:00:00Z","signature":"AAAA"}""")]
    public void Anything_else_is_no_checkpoint(string line) => Assert.Null(Checkpoint.Parse(line));

    [Fact]
    public void A_cut_line_is_no_checkpoint_or_not_signed()
    {
        var line = Encrypted.Checkpoint.ToLine();
        for (var length = 0; length < line.Length; length++)
            Assert.False(Checkpoint.Parse(line[..length]) is { } read && Chain.Key.Verifies(read.Message, read.Signature));
    }

    [Fact]
    public void Anybody_verifies_it_with_the_public_key_alone()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Chain.Key.PublicPem);
        var message = Encoding.UTF8.GetBytes(
            $"gatehouse-audit-checkpoint-1\n1\n{Convert.ToHexStringLower(Encrypted.Hash)}\n2026-11-01T08:01:03.000000Z"
        );

        Assert.True(key.VerifyData(message, Encrypted.Signature, HashAlgorithmName.SHA256));
        Assert.ThrowsAny<CryptographicException>(() => key.SignData(message, HashAlgorithmName.SHA256));
    }

    [Fact]
    public void The_key_is_the_same_at_every_start_and_another_for_every_installation()
    {
        using var again = new CheckpointKey(() => new byte[32]);
        using var other = new CheckpointKey(() => [.. Enumerable.Repeat((byte)0xff, 32)]);

        Assert.Equal(Chain.Key.PublicPem, again.PublicPem);
        Assert.NotEqual(Chain.Key.PublicPem, other.PublicPem);
    }
}
