import assert from 'node:assert/strict';
import { isAddressOrNetwork, isIpAddress } from '../../server/src/core/schema/addresses.ts';
import {
  domainProblem,
  hostsOverlap,
  hostWithin,
  wildcardDomainProblem,
} from '../../server/src/core/schema/istio/hosts.ts';

describe('hosts of Istio', () => {
  it('takes domain names, short ones and absolute ones included', () => {
    for (const name of [
      'catalog',
      'catalog.shop.svc.cluster.local',
      'Shop.Example.com',
      'example.com.',
      '1password.com',
      `${'a'.repeat(63)}.io`,
    ]) {
      assert.equal(domainProblem(name), undefined, name);
    }
    for (const name of [
      '',
      '*.example.com',
      'a..b',
      '-a.com',
      'a-.com',
      'a_b.com',
      '10.0.0.1',
      `${'a'.repeat(64)}.io`,
      `${'a.'.repeat(128)}io`,
    ]) {
      assert.notEqual(domainProblem(name), undefined, name);
    }
  });

  it('takes wildcards in front only', () => {
    for (const name of ['*', '*.example.com', '*-canary.example.com', '*canary'])
      assert.equal(wildcardDomainProblem(name), undefined, name);
    for (const name of ['a*.example.com', 'www.*.com', '**', '*.*'])
      assert.notEqual(wildcardDomainProblem(name), undefined, name);
  });

  it('says when two hosts mean the same names', () => {
    assert.ok(hostsOverlap('*.example.com', 'www.example.com'));
    assert.ok(hostsOverlap('www.example.com', '*.com'));
    assert.ok(hostsOverlap('*.example.com', '*.com'));
    assert.ok(hostsOverlap('*', 'catalog'));
    assert.ok(!hostsOverlap('*.example.com', 'example.com'));
    assert.ok(!hostsOverlap('*.example.com', '*.example.org'));
  });

  it('says when one host lies within another', () => {
    assert.ok(hostWithin('www.example.com', '*.example.com'));
    assert.ok(hostWithin('*.eu.example.com', '*.example.com'));
    assert.ok(hostWithin('catalog', 'catalog'));
    assert.ok(!hostWithin('*.com', '*.example.com'));
    assert.ok(!hostWithin('*.example.com', 'www.example.com'));
  });

  it('knows addresses and networks', () => {
    for (const address of [
      '0.0.0.0',
      '255.255.255.255',
      '::',
      '::1',
      '2001:db8::1',
      '::ffff:10.0.0.1',
      'fe80::1%eth0',
      '1:2:3:4:5:6:7:8',
    ]) {
      assert.ok(isIpAddress(address), address);
    }
    for (const address of [
      '',
      '10.0.0',
      '10.0.0.256',
      '10.0.0.01',
      '10.0.0.1.',
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      'g::1',
    ]) {
      assert.ok(!isIpAddress(address), address);
    }
    for (const network of ['10.0.0.0/8', '10.0.0.1', '2001:db8::/32', '0.0.0.0/0'])
      assert.ok(isAddressOrNetwork(network), network);
    for (const network of ['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '::/129', 'a/8'])
      assert.ok(!isAddressOrNetwork(network), network);
  });
});
