using System.Buffers.Text;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Identity.SignIn;
using Gatehouse.Tests.Identity.Values;

namespace Gatehouse.Tests.Identity.SignIn;

public class DeviceTokenTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private static readonly Guid Tenant = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly Guid User = Guid.Parse("0197a0b2-0000-7000-8000-000000000002");
    private static readonly Guid Device = Guid.Parse("0197a0b2-0000-7000-8000-000000000003");

    [Fact]
    public void It_names_the_device_to_its_own_person_tenant_and_installation_only() =>
        Prop.ForAll<Guid, Guid, Guid>(
                (tenant, user, device) =>
                {
                    var text = DeviceToken.Issue(Key, tenant, user, device, passwordChangedAt: null);
                    return DeviceToken.Read(Key, text, tenant, user, passwordChangedAt: null)?.DeviceId == device
                        && DeviceToken.Read(Key, text, Tenant, user, passwordChangedAt: null) is null
                        && DeviceToken.Read(Key, text, tenant, User, passwordChangedAt: null) is null
                        && DeviceToken.Read(RandomNumberGenerator.GetBytes(32), text, tenant, user, passwordChangedAt: null) is null;
                }
            )
            .Check(Config.QuickThrowOnFailure);

    [Fact]
    public void No_bit_of_it_can_be_changed()
    {
        var bytes = Base64Url.DecodeFromChars(DeviceToken.Issue(Key, Tenant, User, Device, passwordChangedAt: null));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(
                DeviceToken.Read(Key, Base64Url.EncodeToString(changed), Tenant, User, passwordChangedAt: null) is null,
                $"bit {bit}"
            );
        }
    }

    [Fact]
    public void Another_form_is_no_device_and_no_text_makes_it_throw()
    {
        var text = DeviceToken.Issue(Key, Tenant, User, Device, passwordChangedAt: null);
        Assert.Equal(108, text.Length);
        foreach (
            var other in new[] { null, "", text + "A", text[..^1], text[..^1] + "=", " " + text[1..], text[..^1] + "+", text[..^1] + "é" }
        )
            Assert.Null(DeviceToken.Read(Key, other, Tenant, User, passwordChangedAt: null));
        Prop.ForAll(Parsing.AnyText, any => DeviceToken.Read(Key, any, Tenant, User, passwordChangedAt: null) is null)
            .Check(Parsing.Quickly);
    }

    [Fact]
    public void It_stays_the_same_from_release_to_release() =>
        // 01 + tenant + person + device, then HMAC-SHA-256 of these and eight zeros under 32 bytes 0x0b, computed elsewhere.
        Assert.Equal(
            "AQARIjNEVWZ3iJmqu8zd7v8Bl6CyAABwAIAAAAAAAAACAZegsgAAcACAAAAAAAAAA5fCOcX723D8zDMMIlW-j_nuzBvMO6v3Kcz_YOPS-SbZ",
            DeviceToken.Issue(Enumerable.Repeat((byte)0x0b, 32).ToArray(), Tenant, User, Device, passwordChangedAt: null)
        );

    [Fact]
    public void It_is_unknown_after_a_new_password()
    {
        var changed = new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
        var (before, after) = (
            DeviceToken.Issue(Key, Tenant, User, Device, passwordChangedAt: null),
            DeviceToken.Issue(Key, Tenant, User, Device, changed)
        );

        Assert.Null(DeviceToken.Read(Key, before, Tenant, User, changed));
        Assert.Null(DeviceToken.Read(Key, after, Tenant, User, changed.AddTicks(10)));
        Assert.NotNull(DeviceToken.Read(Key, after, Tenant, User, changed));
    }
}
