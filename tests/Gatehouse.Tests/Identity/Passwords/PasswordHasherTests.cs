using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;
using Gatehouse.Identity.Passwords;
using Gatehouse.Tests.Identity.Values;

namespace Gatehouse.Tests.Identity.Passwords;

public sealed class PasswordHasherTests : IDisposable
{
    // From the test suite of the reference implementation of Argon2 (password "password", salt "somesalt").
    private const string Reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    private readonly HashingQueue gate = new(new PasswordHashingOptions(), TimeProvider.System);

    public void Dispose() => gate.Dispose();

    [Fact]
    public async Task A_hash_verifies_its_own_password_only_and_carries_its_cost()
    {
        var hasher = Hasher();
        var hash = (await hasher.HashAsync(Accepted("correct horse battery staple"), "client", default)).Value;
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash.ToStored(), StringComparison.Ordinal);
        Assert.True((await hasher.VerifyAsync(hash, Typed("correct horse battery staple"), "client", default)).Value);
        Assert.False((await hasher.VerifyAsync(hash, Typed("correct horse battery stapl"), "client", default)).Value);
        Assert.NotEqual(
            hash.ToStored(),
            (await hasher.HashAsync(Accepted("correct horse battery staple"), "client", default)).Value.ToStored()
        );
    }

    [Fact]
    public void The_library_that_hashes_comes_with_the_program()
    {
        Hasher();
        // Each line of the map ends with the file that the memory was read from.
        var loaded = File.ReadLines("/proc/self/maps")
            .Where(line => line.Contains("libsodium", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
            .Distinct();
        Assert.StartsWith(AppContext.BaseDirectory, Assert.Single(loaded), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_long_password_counts()
    {
        var hasher = Hasher();
        var start = string.Concat(Enumerable.Range(0, 31).Select(i => $"{i:00}é ")) + "xyz";
        var hash = (await hasher.HashAsync(Accepted(start + "1"), "client", default)).Value;
        Assert.False((await hasher.VerifyAsync(hash, Typed(start + "2"), "client", default)).Value);
        Assert.True(
            (await hasher.VerifyAsync(hash, Typed(start.Replace("é", "e\u0301", StringComparison.Ordinal) + "1"), "client", default)).Value
        );
    }

    [Fact]
    public async Task A_hash_of_the_reference_implementation_verifies()
    {
        Assert.True((await Hasher().VerifyAsync(new PasswordHash(Reference), Typed("password"), "client", default)).Value);
        Assert.False((await Hasher().VerifyAsync(new PasswordHash(Reference), Typed("Password"), "client", default)).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$")]
    [InlineData("$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=1000,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=-1,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    public async Task A_foreign_damaged_or_overpriced_hash_verifies_nothing(string phc) =>
        Assert.False((await Hasher().VerifyAsync(new PasswordHash(phc), Typed("password"), "client", default)).Value);

    [Fact]
    public void Only_a_cheaper_hash_is_made_again()
    {
        Assert.False(Hasher().NeedsRehash(new PasswordHash(Reference)));
        Assert.True(Hasher(new PasswordHashingOptions { Passes = 3 }).NeedsRehash(new PasswordHash(Reference)));
        Assert.True(Hasher(new PasswordHashingOptions { MemoryKiB = 65537 }).NeedsRehash(new PasswordHash(Reference)));
        Assert.True(Hasher().NeedsRehash(new PasswordHash("$2b$10$abcdefghijklmnopqrstuv")));
    }

    [Theory]
    [InlineData(47104, 1, true)]
    [InlineData(47103, 1, false)]
    [InlineData(19456, 2, true)]
    [InlineData(19455, 2, false)]
    [InlineData(12288, 3, true)]
    [InlineData(9216, 4, true)]
    [InlineData(7168, 5, true)]
    [InlineData(7168, 4, false)]
    [InlineData(7167, 10, false)]
    [InlineData(262145, 2, false)]
    [InlineData(19456, 11, false)]
    public void Settings_below_the_OWASP_minimums_or_beyond_the_caps_are_invalid(int memory, int passes, bool valid)
    {
        var options = new PasswordHashingOptions { MemoryKiB = memory, Passes = passes };
        Assert.Equal(
            valid,
            Validator.TryValidateObject(options, new ValidationContext(options), [], validateAllProperties: true)
                && !options.Check(SettingsMode.Production).Any()
        );
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void The_minimum_length_has_its_floor_and_its_ceiling(int length, bool valid)
    {
        var options = new PasswordOptions { MinimumLength = length };
        Assert.Equal(valid, Validator.TryValidateObject(options, new ValidationContext(options), [], validateAllProperties: true));
    }

    private PasswordHasher Hasher(PasswordHashingOptions? options = null) => new(gate, options ?? new PasswordHashingOptions());

    private static PasswordInput Typed(string text) => Parsing.Of((field, faults) => PasswordInput.Parse(text, field, faults)).Value!;

    private static AcceptedPassword Accepted(string text) => new(Typed(text));
}
