using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;
using Gatehouse.Identity.Values;
using Gatehouse.Web;

namespace Gatehouse.Identity.Data;

/// <summary>
/// Tells owners by mail or text message what happened to their account, within the caller's transaction and under the lock of the user's
/// row. Whom neither address nor number reaches is not told.
/// </summary>
internal sealed class AccountNotice(NotificationEncryptor encryptor, MessageCatalog texts)
{
    /// <summary>Of what was done just now.</summary>
    /// <param name="device">On which; empty where that is not the owner's business.</param>
    /// <param name="values">What this template says besides name, device and time.</param>
    public void Request(
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        string template,
        string device,
        params IEnumerable<(string Name, string Value)> values
    )
    {
        if (user.Row.OpenContact(key) is { } address)
            RequestTo(address, tx, user, key, template, [Name(user), .. values, Device(user, device), At(tx.Now)]);
    }

    /// <summary>The same with a text that says what was done.</summary>
    /// <param name="what">The key of the text.</param>
    public void RequestOf(Transaction tx, LockedUser user, SubjectKey key, string template, string what, string device) =>
        Request(tx, user, key, template, device, ("what", texts.Text(what, user.Row.Language)));

    /// <param name="values">All that the template says.</param>
    public void RequestTo(
        IContact address,
        Transaction tx,
        LockedUser user,
        SubjectKey key,
        string template,
        params IEnumerable<(string Name, string Value)> values
    ) =>
        user.Publish(
            tx,
            new NotificationRequestedV1
            {
                NotificationId = Guid.CreateVersion7(tx.Now),
                Channel = address.Channel,
                Template = template,
                Language = user.Row.Language,
                Personal = encryptor.Seal(key, user.Row.TenantId, address, values.ToDictionary(StringComparer.Ordinal)),
            }
        );

    public static (string Name, string Value) Name(LockedUser user) => ("name", user.Row.Name.Value);

    public (string Name, string Value) Device(LockedUser user, string device) =>
        ("device", ClientDevice.Describe(device, user.Row.Language, texts));

    public static (string Name, string Value) At(DateTimeOffset time) => ("at", time.ToMinuteText());
}
