using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Events;
using Gatehouse.Contracts.PersonalData;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Telemetry;
using Microsoft.Extensions.Caching.Memory;

namespace Gatehouse.Encryption;

/// <summary>
/// The keys that seal personal data: one for each user, one for each pending registration. They live in the key store, apart from what
/// they seal, and destroying one is the erasure.
/// </summary>
public sealed class SubjectKeys(DataSources sources, MasterKeys masterKeys, TimeProvider clock) : IDisposable
{
    /// <summary>How long a node may hold a user's key in memory: an erasure is complete everywhere when this time has passed.</summary>
    public static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(30);

    // A user's requests come in bursts; without this each of them would decrypt the key again.
    private readonly MemoryCache held = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>Makes the key of a pending registration; it ends by itself at <paramref name="expiresAt"/>.</summary>
    public Task<SubjectKey> CreateForFlowAsync(Guid tenantId, Guid flowId, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        CreateAsync(tenantId, flowId, expiresAt, provisional: false, cancellationToken);

    /// <summary>
    /// Makes a user's key, before the user's row is committed. It is provisional until <see cref="ConfirmAsync"/>: whoever owns the rows
    /// settles what a crash left in between (<see cref="ListProvisionalAsync"/>).
    /// </summary>
    public Task<SubjectKey> CreateForPersonAsync(Guid tenantId, Guid personId, CancellationToken cancellationToken) =>
        CreateAsync(tenantId, personId, expiresAt: null, provisional: true, cancellationToken);

    public async Task ConfirmAsync(IReadOnlyCollection<Guid> subjects, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("keys.confirm");
        await sources.Keys.QueryAsync(
            db =>
                db.ExecuteAsync(
                    "update keys.subject_keys set provisional = false where subject_id = any(@subjects)",
                    new { subjects = subjects.ToArray() }
                ),
            cancellationToken
        );
    }

    /// <summary>Confirms a user's key and destroys the key of what the user came from, in one step.</summary>
    public async Task SettleAsync(Guid user, Guid flow, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("keys.settle");
        await sources.Keys.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    with gone as (delete from keys.subject_keys where subject_id = @flow)
                    update keys.subject_keys set provisional = false where subject_id = @user
                    """,
                    new { user, flow }
                ),
            cancellationToken
        );
        held.Remove(flow);
    }

    /// <summary>Provisional keys older than <paramref name="before"/>.</summary>
    public Task<IReadOnlyList<Subject>> ListProvisionalAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        sources.Keys.QueryAsync(
            db =>
                db.ListAsync<Subject>(
                    "select tenant_id, subject_id as Id from keys.subject_keys where provisional and created_at < @before limit 1000",
                    new { before }
                ),
            cancellationToken
        );

    /// <summary>The key of a subject, or null when it was destroyed or has ended.</summary>
    public async Task<SubjectKey?> FindAsync(Guid subject, CancellationToken cancellationToken)
    {
        if (held.TryGetValue(subject, out SubjectKey? key))
            return key;
        var row = await sources.Keys.QueryAsync(
            db =>
                db.FirstOrDefaultAsync<Row>(
                    """
                    select master_key, wrapped, expires_at from keys.subject_keys
                     where subject_id = @subject and (expires_at is null or expires_at > @now)
                    """,
                    new { subject, now = clock.GetUtcNow() }
                ),
            cancellationToken
        );
        if (row is null)
            return null;
        key = new SubjectKey(subject, masterKeys.Unwrap(row.MasterKey, Purpose(subject), row.Wrapped));
        // A registration's key ends by itself and is rarely asked for twice.
        if (row.ExpiresAt is null)
            held.Set(subject, key, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = HeldFor });
        return key;
    }

    /// <summary>The keys of several users, in one statement where any is not held; destroyed ones are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, SubjectKey>> FindAllAsync(
        IReadOnlyCollection<Guid> users,
        CancellationToken cancellationToken
    )
    {
        var keys = new Dictionary<Guid, SubjectKey>(users.Count);
        foreach (var user in users)
        {
            if (held.TryGetValue(user, out SubjectKey? key))
                keys[user] = key!;
        }

        var missing = users.Where(user => !keys.ContainsKey(user)).ToArray();
        if (missing.Length == 0)
            return keys;
        var rows = await sources.Keys.QueryAsync(
            db =>
                db.ListAsync<Row>(
                    """
                    select subject_id, master_key, wrapped, expires_at from keys.subject_keys
                     where subject_id = any(@missing) and expires_at is null
                    """,
                    new { missing }
                ),
            cancellationToken
        );
        foreach (var row in rows)
            keys[row.SubjectId] = new SubjectKey(row.SubjectId, masterKeys.Unwrap(row.MasterKey, Purpose(row.SubjectId), row.Wrapped));
        return keys;
    }

    /// <summary>Destroys keys: what they sealed is unreadable from now on.</summary>
    public async Task DestroyAsync(IReadOnlyCollection<Guid> subjects, CancellationToken cancellationToken)
    {
        using var span = Spans.Start("keys.destroy");
        await sources.Keys.QueryAsync(
            db => db.ExecuteAsync("delete from keys.subject_keys where subject_id = any(@subjects)", new { subjects = subjects.ToArray() }),
            cancellationToken
        );
        foreach (var subject in subjects)
            held.Remove(subject);
    }

    public void Dispose() => held.Dispose();

    /// <summary>Removes the keys that ended by themselves. Returns how many.</summary>
    public Task<int> DestroyEndedAsync(CancellationToken cancellationToken) =>
        sources.Keys.QueryAsync(
            db => db.ExecuteAsync("delete from keys.subject_keys where expires_at <= @now", new { now = clock.GetUtcNow() }),
            cancellationToken
        );

    private async Task<SubjectKey> CreateAsync(
        Guid tenantId,
        Guid subject,
        DateTimeOffset? expiresAt,
        bool provisional,
        CancellationToken cancellationToken
    )
    {
        using var span = Spans.Start("keys.create");
        var key = RandomNumberGenerator.GetBytes(MasterKeys.KeySize);
        await sources.Keys.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    insert into keys.subject_keys (subject_id, tenant_id, master_key, wrapped, created_at, expires_at, provisional)
                    values (@subject, @tenantId, @masterKey, @wrapped, @now, @expiresAt, @provisional)
                    """,
                    new
                    {
                        subject,
                        tenantId,
                        masterKey = masterKeys.CurrentId,
                        wrapped = masterKeys.Wrap(Purpose(subject), key),
                        now = clock.GetUtcNow(),
                        expiresAt,
                        provisional,
                    }
                ),
            cancellationToken
        );
        return new SubjectKey(subject, key);
    }

    internal static string Purpose(Guid subject) => $"subject|{subject:N}";

    private sealed class Row
    {
        public Guid SubjectId { get; init; }

        public string MasterKey { get; init; } = "";

        public byte[] Wrapped { get; init; } = [];

        public DateTimeOffset? ExpiresAt { get; init; }
    }
}

/// <summary>Whose key it is.</summary>
public sealed record Subject(Guid TenantId, Guid Id);

/// <summary>One subject's key in use. Everything it seals is bound to the subject and to what it is for.</summary>
public sealed class SubjectKey
{
    private readonly byte[] key;

    internal SubjectKey(Guid subject, byte[] key) => (Subject, this.key) = (subject, key);

    public Guid Subject { get; }

    /// <summary>Seals the value of a column.</summary>
    /// <param name="context">Table and column, such as <c>users.email</c>.</param>
    public byte[] Seal(string context, string value) => AesGcmBox.Seal(key, Context(context), Encoding.UTF8.GetBytes(value));

    public string Open(string context, byte[] box) => Encoding.UTF8.GetString(AesGcmBox.Open(key, Context(context), box));

    /// <summary>Seals what is no text, such as a file.</summary>
    public byte[] SealBytes(string context, ReadOnlySpan<byte> value) => AesGcmBox.Seal(key, Context(context), value);

    /// <exception cref="CryptographicException">The box was altered, or belongs to another subject or context.</exception>
    public byte[] OpenBytes(string context, ReadOnlySpan<byte> box) => AesGcmBox.Open(key, Context(context), box);

    public EncryptedValue<T> Encrypt<T>(T value)
        where T : class, IEncryptable<T> => new(Seal(T.Context, value.ToStored()));

    public T Open<T>(EncryptedValue<T> value)
        where T : class, IEncryptable<T> => T.FromStored(Open(T.Context, value.ToStored()));

    /// <summary>Seals the personal member of an event.</summary>
    public Encrypted<T> Seal<T>(T personal)
        where T : IPersonalData =>
        new(
            Subject,
            Convert.ToBase64String(
                AesGcmBox.Seal(
                    key,
                    Context("event|" + T.Schema),
                    JsonSerializer.SerializeToUtf8Bytes(personal, typeof(T), EventJson.Default)
                )
            )
        );

    public T Open<T>(Encrypted<T> personal)
        where T : class, IPersonalData =>
        (T)JsonSerializer.Deserialize(OpenPersonal(T.Schema, Convert.FromBase64String(personal.Data)), typeof(T), EventJson.Default)!;

    /// <summary>The plain JSON of a sealed member.</summary>
    /// <exception cref="CryptographicException">The data was altered, or belongs to another subject or schema.</exception>
    public byte[] OpenPersonal(string schema, byte[] data) => AesGcmBox.Open(key, Context("event|" + schema), data);

    private byte[] Context(string context) => Encoding.UTF8.GetBytes($"{Subject:N}|{context}");
}

/// <summary>Opens personal members in the process that holds the keys.</summary>
internal sealed class LocalUserKeys(SubjectKeys keys) : IUserKeys
{
    public async ValueTask<T?> OpenAsync<T>(Encrypted<T> personal, CancellationToken cancellationToken)
        where T : class, IPersonalData => (await keys.FindAsync(personal.Subject, cancellationToken))?.Open(personal);
}
